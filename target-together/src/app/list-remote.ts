import { counted } from '@ukg-together/kit/text/show';
import { traced } from '@ukg-together/transport/http/traced';
import type { TogetherUser } from '../model/person.ts';
import type { RemoteIndex } from '../together/remote-index.ts';
import type { Remote } from '../together/user-list.ts';
import { lockKey } from './run-lock.ts';
import type { Session } from './session.ts';

/** undefined: there is no list that can be understood, and the run goes on without. Throws when the key is refused, or in use. */
export async function listTogether(
  session: Session,
  bodyOf: (employeeId: string) => TogetherUser | undefined,
  onlyLooks: boolean,
): Promise<RemoteIndex | undefined> {
  const { account, send, io } = session;
  const { clock, random, signal, log } = io;
  const { readRemote } = await import('../together/list-users.ts');
  const { remoteIndexTaker } = await import('../together/remote-index.ts');
  // A run has the key already.
  const lock = onlyLooks ? await lockKey(session) : undefined;
  let remote: Remote<RemoteIndex>;
  try {
    const deps = { account, send: traced(send, log), lane: await session.lane(), clock, random, maxRetries: 1, signal };
    remote = await readRemote(deps, () => remoteIndexTaker(bodyOf));
  } finally {
    await lock?.release();
  }
  if (remote.recognised && remote.mayBeAPage)
    log.info(
      `Together's list of ${counted(remote.users, 'user')} may be the first page of several: who is not on it counts as new here.`,
    );
  if (remote.recognised) return remote.result;
  log.info(`What Together holds can't be compared: ${remote.reason}. The run goes on without.`);
  return undefined;
}
