/** `ledger export FOLDER`, `ledger import FOLDER`: everything that is kept, out of a folder or Redis and into another. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { whoRuns } from '../../../app/audit-hooks.ts';
import { openKeys, openRunAudit, openStore } from '../../../app/open-state.ts';
import { lockRun } from '../../../app/run-lock.ts';
import type { Session } from '../../../app/session.ts';
import { readHeader } from '../../../state/ledger/header.ts';
import { loadLedgerKeys } from '../../../state/ledger/keys.ts';
import { logFile } from '../../../state/ledger/load.ts';
import { isCarried } from '../../../state/state-files.ts';
import { fileStore } from '../../../state/store/file-store.ts';
import type { StateStore } from '../../../state/store/store.ts';
import { needState, withSession } from '../command.ts';

const pieceBytes = 1 << 20;

/** Nothing runs meanwhile. `job` gets the state as a run may write it. */
const withState = (job: (session: Session, state: StateStore, folder: string) => Promise<string>) =>
  withSession(async (session, line) => {
    needState(session, 'nothing is kept');
    const lock = await lockRun(session);
    try {
      const state = (await openStore(session, lock)) as StateStore;
      try {
        session.io.stdout.write(`${await job(session, state, line.positionals[0] as string)}\n`);
      } finally {
        await state.close();
      }
      return ExitCode.ok;
    } finally {
      await lock.release();
    }
  });

export const exportState = withState(async (session, state, folder) => {
  const to = await fileStore(folder);
  try {
    if ((await to.names()).length > 0) throw notEmpty(`The folder ${folder}`);
    await note(session, state, 'exported');
    const bytes = await copy(state, to);
    return `${bytes} bytes from ${state.where} are in ${folder}. What is in it of people is readable there: keep it as you keep the source.`;
  } finally {
    await to.close();
  }
});

export const importState = withState(async (session, state, folder) => {
  if ((await state.size(logFile)) !== undefined) throw notEmpty(`The state in ${state.where}`);
  const from = await fileStore(folder, { write: false });
  try {
    if ((await from.size(logFile)) === undefined) {
      throw new ConnectorError('settings', said`There is no ledger in ${folder}.`, {
        hint: 'Name a state_dir, or a folder that "ledger export" has written.',
      });
    }
    // A wrong key or organization is reported now, not by the first run.
    const keys = await loadLedgerKeys(from, session.settings.ledger_key, true);
    await readHeader({ store: from, keys, destination: session.destination });
    const bytes = await copy(from, state);
    await note(session, state, 'imported');
    return `${bytes} bytes from ${folder} are in ${state.where}. The next run goes on from there.`;
  } finally {
    await from.close();
  }
});

/** The ledger last: where it is, all the rest is, and a copy that was cut off can be made again. */
async function copy(from: StateStore, to: StateStore): Promise<number> {
  const kept = (await from.names()).filter((name) => isCarried(name, from, to) && name !== logFile);
  let bytes = 0;
  for (const name of [...kept, logFile]) {
    if ((await from.size(name)) === undefined) continue;
    await to.replace(
      name,
      (async function* () {
        for (let at = 0; ; ) {
          const piece = (await from.read(name, at, pieceBytes)) ?? Buffer.alloc(0);
          if (piece.length === 0) return;
          at += piece.length;
          bytes += piece.length;
          yield piece;
        }
      })(),
    );
  }
  return bytes;
}

/** Who copied a state, as its audit log says. */
async function note(session: Session, state: StateStore, type: 'exported' | 'imported'): Promise<void> {
  if ((await state.size(logFile)) === undefined) return;
  const audit = await openRunAudit(session, { store: state, keys: await openKeys(session, state, false) });
  await audit?.action({ type, who: whoRuns() });
  await audit?.close();
}

function notEmpty(what: string): ConnectorError {
  return new ConnectorError('settings', said`${what} is not empty. Nothing was written.`, {
    hint: 'Name an empty one: nothing that is kept is ever written over.',
  });
}
