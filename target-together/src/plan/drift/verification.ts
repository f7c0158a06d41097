/** All people Together has accepted, beside what its list says of them. */

import { isDeleted } from '../../model/access.ts';
import { mostIds, type Verification } from '../../model/fields/verification.ts';
import type { Ledger } from '../../state/ledger/ledger.ts';
import type { Paging } from '../../together/list/paging.ts';
import type { Compared } from './compare-list.ts';
import { type OnDrift, ruleOf } from './on-drift.ts';

export interface Accepted extends Pick<Ledger, 'entries' | 'find'> {
  /** employeeIds that the last complete reads did not bring. */
  readonly missing: readonly string[];
}

const statusField = 'employeeStatusCode';

export async function verification(
  compared: Compared,
  accepted: Accepted,
  onDrift: OnDrift,
  whole: Paging['whole'],
): Promise<Verification> {
  const made = {
    people: compared.matched,
    // Those with a changed field that may stay as it is are added below.
    confirmed: compared.confirmed,
    different: 0,
    absent: 0,
    not_listed_terminated: 0,
    changed: [] as Verification['changed'],
    absent_ids: [] as string[],
  };
  const [ended, revived] = [some(), some()];
  const outside = { people: compared.outside.people, ids: [...compared.outside.ids] };
  const left = new Map<string, number>();
  for (const id of accepted.missing) {
    const found = accepted.find(id);
    const listed = found?.wasSent ? compared.of(found) : undefined;
    if (listed && listed.status !== 'T') add(outside, id);
  }
  for await (const known of accepted.entries((position) => !compared.isConfirmed(position))) {
    const { employeeId: id } = known;
    if (!known.wasSent) continue;
    const listed = compared.of(known);
    if (!listed && isDeleted(known)) continue;
    if (!listed) {
      made.people++;
      if (known.status === 'T' && !compared.listsTerminated) made.not_listed_terminated++;
      else {
        made.absent++;
        keep(made.absent_ids, id);
      }
      continue;
    }
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
  // A person that a page does not show may be on the next one; nor does a list without most people say that they are gone.
  const isPage = whole === 'no' || made.absent * 2 > made.people;
  return {
    listed: compared.users,
    may_be_a_page: isPage || whole === 'unknown',
    ...made,
    ...(isPage && { absent: 0, absent_ids: [] }),
    not_on_page: isPage ? made.absent : 0,
    unknown: compared.unknown,
    people: made.people - made.not_listed_terminated - (isPage ? made.absent : 0),
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

/** Whether Together holds something else than what it accepted, as far as that can be known. */
export const hasDrift = (found: Verification): boolean =>
  found.different > 0 ||
  (found.absent > 0 && !found.may_be_a_page) ||
  found.fields.some(({ verdict }) => verdict === 'not_set_up');
