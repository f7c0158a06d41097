import { mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf } from '../audit/chain.ts';
import { encodeFields } from '../ledger/fields/fields-format.ts';
import { endOfRecords } from '../ledger/fields/whole-records.ts';
import { fileStore } from './file-store.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-'));
});
afterAll(() => rm(root, { recursive: true }));
let number = 0;
const folder = () => join(root, `deep/${number++}`);
const mode = async (path: string) => (await stat(path)).mode & 0o777;

describe('a state folder', () => {
  it('is made readable by its owner only, and so is every file in it', async () => {
    const dir = folder();
    const store = await fileStore(dir);
    await store.append('a.log', Buffer.from('x'), 0, true);
    await writeFile(join(dir, 'b.json.0123456789abcdef.tmp'), 'left behind by a run that was killed');
    await (await fileStore(dir)).close();
    await store.replace('b.json', [Buffer.from('{}')]);
    if (process.platform !== 'win32') {
      expect([await mode(dir), await mode(join(dir, 'a.log')), await mode(join(dir, 'b.json'))]).toEqual([
        0o700, 0o600, 0o600,
      ]);
    }
    expect((await readdir(dir)).sort()).toEqual(['a.log', 'b.json']);
    expect((await store.read('b.json'))?.toString()).toBe('{}');
    await store.close();
  });

  it('reads a long file through one memory: no piece is taken for another', async () => {
    const store = await fileStore(folder());
    const lines = Array.from({ length: 400 }, (_, at) => `${at} ${'x'.repeat((at * 7919) % 17_000)}`);
    await store.append('a.log', Buffer.from(`${lines.join('\n')}\n`), 0, false);
    const read: string[] = [];
    for await (const { line } of linesOf(store, 'a.log')) read.push(line.toString());
    expect(read).toEqual(lines);
    const fields = new Map(Array.from({ length: 301 }, (_, field) => [field, field]));
    const records = Buffer.concat(Array.from({ length: 2000 }, (_, at) => encodeFields(`${at}`.padEnd(16), fields)));
    await store.append('b.log', records, 0, false);
    expect(await endOfRecords(store, 'b.log', records.length)).toBe(records.length);
    await store.close();
  });

  it('reads back what was appended, whole or in part, and knows what is not there', async () => {
    const store = await fileStore(folder());
    await store.append('a.log', Buffer.from('hello '), 0, false);
    await store.append('a.log', Buffer.from('world'), 6, true);
    expect((await store.read('a.log'))?.toString()).toBe('hello world');
    expect((await store.read('a.log', 6, 3))?.toString()).toBe('wor');
    expect((await store.read('a.log', 9, 100))?.toString()).toBe('ld');
    expect((await store.read('a.log', 50, 1))?.length).toBe(0);
    await store.truncate('a.log', 5);
    expect([await store.size('a.log'), (await store.read('a.log'))?.toString()]).toEqual([5, 'hello']);
    await store.replace('a.log', [Buffer.from('n'), Buffer.from('ew')]);
    expect((await store.read('a.log'))?.toString()).toBe('new');
    await store.append('a.log', Buffer.from('er'), 3, true);
    expect((await store.read('a.log'))?.toString()).toBe('newer');
    await store.remove('a.log');
    expect([await store.read('a.log'), await store.size('a.log'), await store.names()]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    expect(await store.free()).toBeGreaterThan(0);
    await store.close();
  });

  it('opens a file once for two who read it at once: nobody would close the second one', async () => {
    const dir = folder();
    const store = await fileStore(dir);
    await store.append('a.log', Buffer.from('hello'), 0, true);
    // Of this folder alone: other tests of the process have files of their own. Off Linux there is nothing to count.
    const open = async () => {
      const all = await readdir('/proc/self/fd').catch(() => []);
      const ends = await Promise.all(all.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
      return ends.filter((end) => end.startsWith(dir)).length;
    };
    const looking = await fileStore(dir, { write: false });
    const before = await open();
    await Promise.all([looking.read('a.log'), looking.read('a.log', 1), looking.read('a.log', 2)]);
    await looking.close();
    expect(await open()).toBe(before);
    await store.close();
  });

  it('stops a second writer before it writes', async () => {
    const dir = folder();
    const [one, two] = [await fileStore(dir), await fileStore(dir)];
    await one.append('a.log', Buffer.from('one'), 0, true);
    await expect(two.append('a.log', Buffer.from('two'), 0, true)).rejects.toMatchObject({
      kind: 'locked',
      exitCode: 7,
    });
    await two.append('b.log', Buffer.from('two'), 0, true);
    await rename(join(dir, 'b.log'), join(dir, 'c.log'));
    await writeFile(join(dir, 'b.log'), 'new');
    await expect(two.append('b.log', Buffer.from('!'), 3, true)).rejects.toMatchObject({ kind: 'locked' });
    expect(await readFile(join(dir, 'a.log'), 'utf8')).toBe('one');
    await Promise.all([one.close(), two.close()]);
  });

  it('keeps the old content when a replacement fails half-way, and leaves nothing behind', async () => {
    const dir = folder();
    const store = await fileStore(dir);
    await store.replace('a', [Buffer.from('old')]);
    async function* failing() {
      yield Buffer.from('new');
      throw Object.assign(new Error(), { code: 'ENOSPC' });
    }
    await expect(store.replace('a', failing())).rejects.toMatchObject({
      kind: 'unexpected',
      message: `state_dir ${dir}: could not write a: the disk is full (ENOSPC).`,
    });
    expect((await store.read('a'))?.toString()).toBe('old');
    expect(await readdir(dir)).toEqual(['a']);
    await store.close();
  });

  it('is neither made nor written by who only reads', async () => {
    const dir = folder();
    const store = await fileStore(dir, { write: false });
    expect([await store.size('a'), await store.read('a'), await store.names()]).toEqual([undefined, undefined, []]);
    await store.close();
    await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.skipIf(process.platform === 'win32')('never follows a link in the place of a file', async () => {
    const dir = folder();
    const store = await fileStore(dir);
    const elsewhere = join(root, 'elsewhere');
    for (const name of ['a.log', 'b.json.tmp']) await symlink(elsewhere, join(dir, name));
    await expect(store.append('a.log', Buffer.from('x'), 0, true)).rejects.toMatchObject({ kind: 'settings' });
    await store.replace('b.json', [Buffer.from(JSON.stringify({}))]);
    await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(elsewhere, 'not ours');
    await expect(store.read('a.log')).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringMatching(/ELOOP/),
    });
    await store.close();
  });

  it('that can not be made or written is a settings error that names it', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    for (const bad of [file, join(file, 'below')]) {
      await expect(fileStore(bad)).rejects.toMatchObject({
        name: 'ConnectorError',
        message: expect.stringContaining(bad),
        hint: expect.any(String),
      });
    }
    await expect(fileStore(join(file, 'below'))).rejects.toMatchObject({ kind: 'settings', exitCode: 2 });
  });
});
