import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { storeSuite } from '../../testing/store-suite.ts';
import { fileStore } from './file-store.ts';
import { memoryStore } from './memory-store.ts';

let root: string;
let number = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stores-'));
});
afterAll(() => rm(root, { recursive: true }));

storeSuite('a folder', {
  fresh: async () => {
    const folder = join(root, String(number++));
    return { again: () => fileStore(folder) };
  },
  runs: 20,
});

storeSuite('memory', {
  fresh: async () => {
    const files = new Map<string, Buffer>();
    return { again: async () => memoryStore(files) };
  },
});
