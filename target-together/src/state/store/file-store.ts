/** A folder only its owner can read, and no one else can write. Appends are checked against other writers; replacements are atomic. */
import { randomBytes } from 'node:crypto';
import { lstat, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { foreignPath, openAbove } from '@ukg-together/kit/files/foreign';
import { codeText } from '@ukg-together/kit/text/error-code';
import { makeFolder } from '../../files/make-folder.ts';
import { isStateFile, leftBehind } from '../state-files.ts';
import { codeOf, existing, fileHandles, notOurs, unsafe } from './file-handles.ts';
import type { StateStore } from './store.ts';

const pieceBytes = 1 << 20;

/** Names that no one can foresee and take first. */
const temporaryName = (name: string) => `${name}.${randomBytes(8).toString('hex')}.tmp`;

/** Opens `folder`, makes it where it does not exist, and proves that it can be written; with `write: false` only reads. */
export async function fileStore(folder: string, { write = true } = {}): Promise<StateStore> {
  const path = (name: string) => join(folder, name);
  const { reader, appender, letGo, close } = fileHandles(path);
  const doing = <T>(what: string, job: () => Promise<T>) => proving(folder, what, job);

  const store: StateStore = {
    where: folder,
    folder: true,
    read: (name, offset = 0, length, into) =>
      doing(`read ${name}`, async () => {
        const handle = await reader(name);
        if (!handle) return undefined;
        const wanted = length ?? Math.max(0, (await handle.stat()).size - offset);
        const bytes = into && into.length >= wanted ? into : Buffer.allocUnsafe(wanted);
        let filled = 0;
        while (filled < wanted) {
          const { bytesRead } = await handle.read(bytes, filled, wanted - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      }),
    size: (name) => doing(`read ${name}`, async () => (await existing(stat(path(name))))?.size),
    append: (name, bytes, offset, durable) =>
      doing(`write ${name}`, async () => {
        const handle = await appender(name);
        const [mine, there] = await Promise.all([handle.stat(), existing(stat(path(name)))]);
        if (mine.size !== offset || there?.ino !== mine.ino) {
          throw new ConnectorError(
            'locked',
            said`Another run writes to ${path(name)}, perhaps on another machine. This one stopped.`,
            {
              hint: 'Let only one run at a time use a state_dir; runs on several machines need limiter.type redis.',
            },
          );
        }
        try {
          let written = 0;
          while (written < bytes.length) {
            written += (await handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
          }
          if (durable) await handle.datasync();
        } catch (thrown) {
          // Nothing half-written stays for the next run to stumble over; where even that fails, its checksum shows it.
          await handle.truncate(offset).catch(() => {});
          throw thrown;
        }
      }),
    truncate: (name, size) =>
      doing(`write ${name}`, async () => {
        const handle = await appender(name);
        await handle.truncate(size);
        await handle.datasync();
      }),
    replace: (name, content) =>
      doing(`write ${name}`, async () => {
        const temporary = path(temporaryName(name));
        const handle = await open(temporary, 'wx', 0o600);
        try {
          let pieces: Uint8Array[] = [];
          let bytes = 0;
          for await (const piece of content) {
            pieces.push(piece);
            bytes += piece.length;
            if (bytes < pieceBytes) continue;
            await handle.writeFile(Buffer.concat(pieces));
            pieces = [];
            bytes = 0;
          }
          await handle.writeFile(Buffer.concat(pieces));
          await handle.sync();
        } catch (thrown) {
          await handle.close();
          await rm(temporary, { force: true });
          throw thrown;
        }
        await handle.close();
        await letGo(name);
        await rename(temporary, path(name));
        await syncFolder(folder);
      }),
    remove: (name) =>
      doing(`remove ${name}`, async () => {
        await letGo(name);
        await rm(path(name), { force: true });
      }),
    names: () => doing('list it', async () => (await existing(readdir(folder))) ?? []),
    free: async () => {
      const disk = await statfs(folder).catch(() => undefined);
      return disk && disk.bavail * disk.bsize;
    },
    close,
  };

  if (write) await openToWrite(folder, store);
  else await doing('look at it', () => refuseForeign(folder));
  return store;
}

async function openToWrite(folder: string, { names }: StateStore): Promise<void> {
  await makeStateFolder(folder);
  for (const name of await names()) {
    const path = join(folder, name);
    // Of a run that was killed.
    if (leftBehind.test(name)) await rm(path, { force: true });
    // Before anything is sent, also of a file that only the end of a run opens.
    else if (isStateFile(name)) {
      const why = unsafe(await lstat(path));
      if (why !== undefined) throw notOurs(path, why);
    }
  }
}

/** Makes the folder where it does not exist, and proves that it is this user's and can be written. Throws ConnectorError. */
export async function makeStateFolder(folder: string): Promise<void> {
  await proving(folder, 'make the folder', async () => {
    try {
      makeFolder(folder);
    } catch (thrown) {
      // A file of that name, or a place where no one makes folders: another folder has to be named.
      const elsewhere = ['EEXIST', 'ENOENT'].includes(String(codeOf(thrown)));
      throw elsewhere ? Object.assign(new Error('mkdir'), { code: 'ENOTDIR', cause: thrown }) : thrown;
    }
    await refuseForeign(folder);
  });
  await proving(folder, 'write to it', async () => {
    const probe = join(folder, temporaryName('writable'));
    await (await open(probe, 'wx', 0o600)).close();
    await rm(probe);
  });
}

const proving = <T>(folder: string, what: string, job: () => Promise<T>): Promise<T> =>
  job().catch((cause: unknown) => Promise.reject(storeError(folder, what, cause)));

async function refuseForeign(folder: string): Promise<void> {
  const why = foreignPath(folder) ?? openAbove(folder);
  if (why !== undefined) throw notOurs(folder, why);
}

/** Makes a rename durable. Windows can't open folders, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function storeError(folder: string, what: string, cause: unknown): ConnectorError {
  if (cause instanceof ConnectorError) return cause;
  const code = codeOf(cause);
  const reason = typeof code === 'string' ? code : cause instanceof Error ? cause.name : 'unknown error';
  const full = reason === 'ENOSPC' || reason === 'EDQUOT';
  const forbidden = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(reason);
  return new ConnectorError(
    forbidden ? 'settings' : 'unexpected',
    said`state_dir ${folder}: could not ${what}: ${codeText(reason)}.`,
    {
      hint: full
        ? 'Make room and run again: what was settled before is kept.'
        : forbidden
          ? 'Name a folder in state_dir that this user can write, or set state_dir to null to keep nothing.'
          : 'Check the disk, then run again: what was settled before is kept.',
      cause,
    },
  );
}
