/** Whether the ledger that an increment needs is there: without it, what Together has of the people that it does not bring is not known. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import type { Collected } from '../../collect/collected.ts';
import { completeReadSteps } from '../../model/complete-read.ts';
import type { People } from '../../people/person.ts';
import { isSettled } from '../../state/run-history.ts';
import type { RunState } from '../../state/run-state.ts';
import type { RemoteIndex } from '../../together/list/remote-index.ts';

type Kept = Pick<RunState, 'keeps' | 'known' | 'lost' | 'memory'>;

const mayBeLost = ({ keeps, known }: Kept, { complete, claimsEmpty }: Collected): boolean =>
  keeps && known === 0 && !complete && !claimsEmpty;

/** No run before has given a bookmark back: where those before were stopped, the bookmark is that of a ledger that is gone. */
const isFirst = ({ memory: { baseline, open, history = [] } }: Kept): boolean =>
  baseline === undefined && open === undefined && !history.some(({ exitCode }) => isSettled(exitCode));

/** Throws a settings error (exit 2, no checkpoint goes back) where a part of the people came, and what earlier runs kept is gone. */
export function checkLedger(collected: Collected, kept: Kept): void {
  if (!mayBeLost(kept, collected)) return;
  if (kept.lost > 0) throw lostLedger(`The ledger of ${counted(kept.lost, 'person', 'people')} is gone from state_dir`);
  if (collected.increment && isFirst(kept))
    throw lostLedger('The source went on from a bookmark, and state_dir holds nothing of an earlier run');
}

/** The same by Together's own list, for sources that do not say whether they went on from a bookmark. */
export function checkListed(collected: Collected, kept: Kept, people: People, remote: RemoteIndex): void {
  if (!mayBeLost(kept, collected) || !isFirst(kept) || !collected.mayBeIncrement || people.count === 0) return;
  const listed = remote.activeOutside(() => false);
  const absent = listed.filter((id) => people.find(id) < 0).length;
  // A first run may find users an admin has made; an increment brings the smaller part of everybody.
  if (absent * 2 <= listed.length) return;
  throw lostLedger(
    `Together has ${counted(absent, 'active person', 'active people')} that this read does not bring, of ${listed.length}, the source does not say that it has read everybody, and state_dir holds nothing of an earlier run`,
    ' If the source always reads everybody and never says so, set complete_reads: always.',
  );
}

const lostLedger = (what: string, more = ''): ConnectorError =>
  new ConnectorError('settings', said`${what}: a part of the people can't be compared, so nothing was sent.`, {
    hint: `Bring the old state_dir back where it was only moved or not mounted. Else: ${completeReadSteps}${more} The bookmark stays where it was.`,
  });
