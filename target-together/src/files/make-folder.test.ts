import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-folder-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a folder', () => {
  it('is made with those above it, for its owner alone, and once is enough', async () => {
    const path = join(folder, 'a', 'b');
    makeFolder(path);
    makeFolder(path);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('that can’t be made is an error, never a wait without an end', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(folder, 'file', 'x'))).toThrow(/ENOTDIR/);
    // A system that makes no folders there says ENOENT, however often it is asked.
    if (process.platform === 'linux') expect(() => makeFolder('/proc/nowhere')).toThrow(/ENOENT/);
  });
});
