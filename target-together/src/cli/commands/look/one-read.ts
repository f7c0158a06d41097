/** Two plans of one read: what both would work out alike is worked out once. Neither of them writes. */

import { mappingOptions } from '../../../app/mapping-session.ts';
import type { OpenState } from '../../../app/open-state.ts';
import type { Session } from '../../../app/session.ts';
import type { RecordMapping } from '../../../collect/collected.ts';
import type { Mapped } from '../../../model/person.ts';

/** One state for both: its ledger is read once, who is in it is listed once, and a body that both make is hashed once. */
export function askedTwice(opened: OpenState): OpenState {
  const { state } = opened;
  let there: Promise<readonly string[]> | undefined;
  let last: { readonly json: string; readonly hash: Uint8Array } | undefined;
  return {
    ...opened,
    state: {
      ...state,
      hash(json) {
        if (last?.json !== json) last = { json, hash: state.hash(json) };
        return last.hash;
      },
      async missing(isRead) {
        there ??= state.missing(() => false);
        return (await there).filter((id) => !isRead(id));
      },
    },
  };
}

/** Both sessions; where they map by the same settings, the second to get a record takes what the first has made of it. */
export function mappedOnce(now: Session, next: Session): { readonly now: Session; readonly next: Session } {
  const rulesOf = ({ settings, io }: Session) => JSON.stringify(mappingOptions(settings, io.env, io.clock, () => {}));
  if (rulesOf(now) !== rulesOf(next)) return { now, next };
  let last: { readonly record: object; readonly mapped: Mapped | Promise<Mapped> } | undefined;
  const once = (mapping: RecordMapping): RecordMapping => ({
    map(record) {
      if (last?.record !== record) last = { record, mapped: mapping.map(record) };
      return last.mapped;
    },
  });
  const shared = (session: Session): Session => ({
    ...session,
    mapping: {
      ...session.mapping,
      async open(schema) {
        const mapping = await session.mapping.open(schema);
        return mapping && once(mapping);
      },
    },
  });
  return { now: shared(now), next: shared(next) };
}
