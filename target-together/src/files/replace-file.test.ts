import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isStream, replaceFile } from './replace-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const mode = (name: string) => statSync(at(name)).mode & 0o777;

it('puts a new file, only its owner’s, in the place of the old one', async () => {
  await replaceFile(at('a'), (write) => write('one'));
  expect([readFileSync(at('a'), 'utf8'), mode('a')]).toEqual(['one', 0o600]);
  chmodSync(at('a'), 0o644);
  await replaceFile(at('a'), (write) => write('two'), { keepMode: true });
  expect([readFileSync(at('a'), 'utf8'), mode('a')]).toEqual(['two', 0o644]);
  await replaceFile(at('a'), (write) => write('three'));
  expect([readFileSync(at('a'), 'utf8'), mode('a')]).toEqual(['three', 0o600]);
});

it('leaves the old one whole, and nothing beside it, when the new one can’t be made', async () => {
  writeFileSync(at('a'), 'old');
  const broken = replaceFile(at('a'), async (write) => {
    await write('half');
    throw new Error('no more');
  });
  await expect(broken).rejects.toThrow('no more');
  expect([readFileSync(at('a'), 'utf8'), readdirSync(folder)]).toEqual(['old', ['a']]);
});

it('replaces what a link names, and the link stays', async () => {
  writeFileSync(at('named'), 'old');
  symlinkSync('named', at('link'));
  await replaceFile(at('link'), (write) => write('new'));
  expect([readFileSync(at('named'), 'utf8'), lstatSync(at('link')).isSymbolicLink()]).toEqual(['new', true]);
});

it.skipIf(process.platform === 'win32')('writes into a pipe', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const reader = await open(at('pipe'), 'r+');
  await replaceFile(at('pipe'), (write) => write('through'));
  const { buffer, bytesRead } = await reader.read(Buffer.alloc(20), 0, 20);
  await reader.close();
  expect([buffer.toString('utf8', 0, bytesRead), lstatSync(at('pipe')).isFIFO()]).toEqual(['through', true]);
});

it('takes what stands for an open file of the process for a stream, and no folder or file', async () => {
  writeFileSync(at('file'), '');
  const paths = ['/dev/stdout', '/dev/fd/2', '/proc/self/fd/1', at('file'), at('missing'), folder];
  expect(await Promise.all(paths.map(isStream))).toEqual([true, true, true, false, false, false]);
  expect(await isStream('/dev/shm/no-such-folder/summary.json')).toBe(false);
});
