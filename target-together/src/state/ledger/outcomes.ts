/** Outcomes as the ledger's bytes: entries for the log, and records for the fields file. */
import { encodeFields } from './fields/fields-format.ts';
import { encodeField, encodeForget, encodePerson, encodeRun } from './format.ts';
import type { LedgerKeys } from './keys.ts';
import type { LedgerState, Run } from './replay.ts';

export interface KeptOutcome {
  readonly employeeId: string;
  /** The body as it was sent. */
  readonly json: string;
  /** Fields that were emptied beside it. */
  readonly cleared?: readonly string[] | undefined;
  /** The id that this one takes the place of: forgotten in the same append. */
  readonly movedFrom?: string | undefined;
  /** HTTP status of a refusal; undefined: accepted. */
  readonly refusedStatus: number | undefined;
}

interface OutcomesInput {
  readonly keys: LedgerKeys;
  readonly state: LedgerState;
  readonly run: Run & { readonly number: number };
  /** Where the fields file ends. */
  readonly fieldsSize: number;
  /** What is known of a person's fields. */
  readonly fieldsOf: (key: string, from: number) => Promise<Map<number, number> | undefined>;
  readonly fieldHash: (key: string, field: string, value: unknown) => number;
}

/** `entries` belong into one frame, after `records` are in the fields file. */
export async function encodeOutcomes(
  people: readonly KeptOutcome[],
  { keys, state, run, fieldsSize, fieldsOf, fieldHash }: OutcomesInput,
): Promise<{ entries: Buffer[]; records: Buffer[] }> {
  const definitions = state.runs.has(run.number) ? [] : [encodeRun(run.number, run)];
  const newFields = new Map<string, number>();
  const numberOf = (field: string): number => {
    const known = state.fieldNumbers.get(field) ?? newFields.get(field);
    if (known !== undefined) return known;
    const number = state.fieldNames.length + newFields.size;
    newFields.set(field, number);
    definitions.push(encodeField(number, field));
    return number;
  };
  const entries: Buffer[] = [];
  const records: Buffer[] = [];
  let fieldsEnd = fieldsSize;
  for (const { employeeId, json, movedFrom, refusedStatus, cleared } of people) {
    const key = keys.id(employeeId);
    const hash = keys.user(json);
    const before = state.entry(key);
    if (refusedStatus !== undefined) {
      const accepted = before ?? { hash: '', status: '', run: 0, fieldsAt: -1 };
      const refused = { status: refusedStatus, hash, run: run.number };
      entries.push(encodePerson({ ...accepted, employeeId, key, refused }));
      continue;
    }
    const user = JSON.parse(json) as Record<string, unknown>;
    let fieldsAt = before && before.status !== '' && before.hash === hash && !cleared ? before.fieldsAt : -1;
    if (fieldsAt < 0) {
      const fields = (before && (await fieldsOf(key, before.fieldsAt))) ?? new Map<number, number>();
      for (const [field, value] of Object.entries(user)) fields.set(numberOf(field), fieldHash(key, field, value));
      for (const field of cleared ?? []) fields.set(numberOf(field), fieldHash(key, field, null));
      const record = encodeFields(key, fields);
      records.push(record);
      fieldsAt = fieldsEnd;
      fieldsEnd += record.length;
    }
    if (movedFrom !== undefined) entries.push(encodeForget(keys.id(movedFrom)));
    const status = statusLetter(user['employeeStatusCode'], before?.status ?? '');
    entries.push(encodePerson({ employeeId, key, hash, status, run: run.number, refused: undefined, fieldsAt }));
  }
  return { entries: [...definitions, ...entries], records };
}

/** Of people that Together's own list names, as far as the ledger does not know better: entries in frames' worth. */
export function* encodeListed(
  listed: Iterable<readonly [employeeId: string, status: string]>,
  { keys, state }: Pick<OutcomesInput, 'keys' | 'state'>,
): Generator<Buffer[]> {
  let entries: Buffer[] = [];
  for (const [employeeId, listedStatus] of listed) {
    const key = keys.id(employeeId);
    const before = state.entry(key);
    const status = statusLetter(listedStatus, '');
    if (before && (before.run > 0 || before.status === status)) continue;
    const refused = before?.refused;
    entries.push(encodePerson({ employeeId, key, hash: '', status, run: 0, refused, fieldsAt: -1 }));
    if (entries.length < perFrame) continue;
    yield entries;
    entries = [];
  }
  if (entries.length > 0) yield entries;
}

const perFrame = 1000;

function statusLetter(sent: unknown, before: string): string {
  if (sent === undefined) return before === '' ? '?' : before;
  const letter = typeof sent === 'string' ? sent.slice(0, 1) : '';
  return letter !== '' && letter > '\0' && letter <= '\u00ff' ? letter : '?';
}
