/** The open files of a state folder: each is this user's own, and none is a link. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { foreign } from '@ukg-together/kit/files/foreign';

/** A link in the place of a file is no one's of ours. Windows has no such flag, and no links that anyone may make. */
const noFollow = constants.O_NOFOLLOW ?? 0;
/** A pipe in the place of a file opens at once, and is refused; without this, opening waits for ever. */
const noWait = constants.O_NONBLOCK ?? 0;

export function fileHandles(path: (name: string) => string) {
  const appenders = new Map<string, Promise<FileHandle | undefined>>();
  const readers = new Map<string, Promise<FileHandle | undefined>>();

  async function ours(name: string, handle: FileHandle): Promise<FileHandle> {
    const why = unsafe(await handle.stat());
    if (why === undefined) return handle;
    await handle.close();
    throw notOurs(path(name), why);
  }

  /** Two who ask at once get one handle: with two, nobody would close the first. */
  async function opened(
    handles: Map<string, Promise<FileHandle | undefined>>,
    name: string,
    opening: () => Promise<FileHandle | undefined>,
  ): Promise<FileHandle | undefined> {
    const known = handles.get(name);
    if (known) return await known;
    const first = opening().then((handle) => handle && ours(name, handle));
    handles.set(name, first);
    const handle = await first.catch(() => undefined);
    // What is not there, or is not ours, may be another time.
    if (!handle && handles.get(name) === first) handles.delete(name);
    return await first;
  }

  async function letGo(name: string): Promise<void> {
    for (const handles of [appenders, readers]) {
      const handle = handles.get(name);
      handles.delete(name);
      await (await handle?.catch(() => undefined))?.close();
    }
  }

  return {
    letGo,
    reader: (name: string): Promise<FileHandle | undefined> =>
      opened(readers, name, () => existing(open(path(name), constants.O_RDONLY | noFollow | noWait))),
    // Without O_APPEND: every write names its place, so a write that was cut short is written over, not doubled.
    appender: async (name: string): Promise<FileHandle> =>
      (await opened(
        appenders,
        name,
        async () =>
          (await existing(open(path(name), constants.O_RDWR | noFollow | noWait))) ??
          (await open(path(name), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)),
      )) as FileHandle,
    async close(): Promise<void> {
      for (const name of [...appenders.keys(), ...readers.keys()]) await letGo(name);
    },
  };
}

/** Why a file of a state is not to be used. A folder in its place is reported by the code that opens it. */
export function unsafe(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'is a link, whose end others may choose';
  return foreign(stats) ?? (stats.isFile() || stats.isDirectory() ? undefined : 'is a pipe or a device, fed by others');
}

export async function existing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

export function notOurs(path: string, why: string): ConnectorError {
  return new ConnectorError(
    'settings',
    said`state_dir: ${path} ${why}, who could decide what the next runs send. Nothing was sent.`,
    {
      hint: 'If it is yours: chown it to the user of the run and chmod go-w it; a container is run as its owner (--user). Else name another folder in state_dir.',
    },
  );
}

export function codeOf(thrown: unknown): unknown {
  return (thrown as { code?: unknown } | null)?.code;
}
