/** All people Together has accepted, beside what its list says of them. */

import { isDeleted, wasSent } from '../../model/access.ts';
import { mostIds, type Verification } from '../../model/fields/verification.ts';
import type { Known } from '../../state/ledger/ledger.ts';
import type { Compared } from './compare-list.ts';
import { type OnDrift, ruleOf } from './on-drift.ts';

export interface Accepted {
  entries(): AsyncIterable<Known & { readonly employeeId: string }>;
  /** Whether the last complete reads did not bring this person. */
  isMissing(employeeId: string): boolean;
}

const statusField = 'employeeStatusCode';

export async function verification(
  compared: Compared,
  accepted: Accepted,
  onDrift: OnDrift,
  mayBeAPage: boolean,
): Promise<Verification> {
  const made = {
    people: 0,
    confirmed: 0,
    different: 0,
    absent: 0,
    not_listed_terminated: 0,
    changed: [] as Verification['changed'],
    absent_ids: [] as string[],
  };
  const [ended, revived] = [some(), some()];
  const outside = { people: compared.outside.people, ids: [...compared.outside.ids] };
  const left = new Map<string, number>();
  for await (const { employeeId: id, ...known } of accepted.entries()) {
    if (!wasSent(known)) continue;
    const listed = compared.of(id);
    if (!listed && isDeleted(known)) continue;
    made.people++;
    if (!listed) {
      if (known.status === 'T' && !compared.listsTerminated) made.not_listed_terminated++;
      else {
        made.absent++;
        keep(made.absent_ids, id);
      }
      continue;
    }
    if (listed.status !== 'T' && accepted.isMissing(id)) add(outside, id);
    const fields = listed.fields.filter((field) => ruleOf(onDrift, field) !== 'leave');
    for (const field of listed.fields) if (!fields.includes(field)) left.set(field, (left.get(field) ?? 0) + 1);
    if (fields.length === 0) made.confirmed++;
    else {
      made.different++;
      if (made.changed.length < mostIds) made.changed.push({ id, fields });
    }
    if (!fields.includes(statusField)) continue;
    if (listed.status === 'T' && known.status !== 'T') add(ended, id);
    if (listed.status !== 'T' && known.status === 'T') add(revived, id);
  }
  return {
    listed: compared.users,
    may_be_a_page: mayBeAPage,
    ...made,
    confirmed: made.confirmed - compared.unknown,
    unknown: compared.unknown,
    people: made.people - made.not_listed_terminated,
    fields: [...compared.fields],
    ended,
    revived,
    outside,
    left: [...left].map(([field, people]) => ({ field, people })),
  };
}

const some = () => ({ people: 0, ids: [] as string[] });

function keep(ids: string[], id: string): void {
  if (ids.length < mostIds) ids.push(id);
}

function add(to: { people: number; ids: string[] }, id: string): void {
  to.people++;
  keep(to.ids, id);
}

/** Whether Together holds something else than what it accepted, as far as that can be told. */
export const hasDrift = (found: Verification): boolean =>
  found.different > 0 ||
  (found.absent > 0 && !found.may_be_a_page) ||
  found.fields.some(({ verdict }) => verdict === 'not_set_up');
