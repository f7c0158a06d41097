/** Files that people name on the command line, never seen half-written. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { foreignLink } from '@ukg-together/kit/files/foreign';

type Write = (text: string) => Promise<void>;

/**
 * Writes a 0600 file in one step: readers see the old content or the new, never a part. Where a link of one's own stands, what it
 * names is replaced; another user's is ELOOP; a pipe or a device is written to as it is. `keepMode`: the new file has the rights of the old one.
 */
export async function replaceFile(
  path: string,
  fill: (write: Write) => Promise<void>,
  { keepMode = false } = {},
): Promise<void> {
  if (await isStream(path)) {
    await filled(await open(path, 'a'), fill);
    return;
  }
  if (foreignLink(path) !== undefined) throw Object.assign(new Error("another user's link"), { code: 'ELOOP' });
  const old = await stat(path).catch(() => undefined);
  const place = old ? await realpath(path) : path;
  const temporary = `${place}.${randomUUID()}.new`;
  try {
    await filled(await open(temporary, 'wx', 0o600), async (write, file) => {
      if (old && keepMode) await file.chmod(old.mode & 0o777);
      await fill(write);
      await file.datasync();
    });
    await rename(temporary, place);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {});
    throw thrown;
  }
}

/**
 * A pipe, a socket or a device; `/dev/stdout` also where it was redirected to a file, for others write to that one too.
 * `/dev/shm` is a folder of files in memory.
 */
export async function isStream(path: string): Promise<boolean> {
  if (/^\/(dev(?!\/shm\/)|proc)\//.test(resolve(path))) return true;
  const there = await stat(path).catch(() => undefined);
  return there !== undefined && !there.isFile() && !there.isDirectory();
}

async function filled(file: FileHandle, fill: (write: Write, file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await fill((text) => file.writeFile(text), file);
  } finally {
    await file.close();
  }
}
