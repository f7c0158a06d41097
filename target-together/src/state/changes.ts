import { clearedBeside } from '../model/fields/cleared.ts';
import type { TogetherUser } from '../model/person.ts';
import { type ChangedField, isOrganisational, valueText } from '../model/user-fields.ts';
import type { AcceptedFields } from './ledger/ledger.ts';
import type { RunMemory } from './run-history.ts';

/** See `RunState.changes`. `before`: what was last accepted. */
export function changesOf(
  user: TogetherUser,
  before: AcceptedFields | undefined,
  vocabulary: RunMemory['vocabulary'],
): ChangedField[] {
  const wasOf = (field: string) => {
    const fromKey = before?.key(field);
    const isNamed = fromKey !== undefined && isOrganisational(field);
    return { field, fromKey, from: isNamed ? vocabulary?.[field]?.[fromKey] : undefined };
  };
  const changed: ChangedField[] = [];
  for (const [field, value] of Object.entries(user)) {
    if (before?.holds(field, value)) continue;
    changed.push({ ...wasOf(field), to: valueText(value) });
  }
  for (const field of clearedBeside(user, new Set(changed.map((change) => change.field)))) {
    if (before && isFilled(before, field)) changed.push({ ...wasOf(field), to: '', beside: true });
  }
  return changed;
}

/** Whether Together has a value of the field, as far as the ledger knows. */
export const isFilled = (before: AcceptedFields, field: string): boolean =>
  before.key(field) !== undefined && !before.holds(field, null) && !before.holds(field, '');
