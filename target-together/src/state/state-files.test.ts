import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { everybody, world } from '../testing/run.ts';
import { isCarried, stateFiles } from './state-files.ts';
import { memoryStore } from './store/memory-store.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'state-files.ts')
  .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));

/** Names of files as the sources spell them; `${…}` of a template stands for what the table's patterns allow. */
function namesInSources(): string[] {
  const found = new Set<string>();
  for (const source of sources) {
    const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const [, name] of code.matchAll(
      /['`]([a-z][\w${}().,' -]*\.(?:log|json|jsonl|bin|key|singer|head|db|txt))['`]/g,
    ))
      found.add(name as string);
  }
  return [...found];
}

it('every file that the sources name is in the table, and so is carried by export and import', () => {
  const names = namesInSources();
  expect(names.length).toBeGreaterThanOrEqual(stateFiles.length);
  for (const name of names) {
    const example = name
      .replace(/^ledger-fields-\$\{.*\}/, `ledger-fields-${'0'.repeat(32)}`)
      .replace(/^audit-\$\{.*\}/, 'audit-2026-11');
    expect([name, stateFiles.some((file) => file.name.test(example))]).toEqual([name, true]);
  }
});

it('every file that runs leave is carried, the key to no server', async () => {
  const { day, files } = world();
  const person = (id: string) => ({ employeeId: id, email: `${id}@example.com`, employeeStatusCode: 'A' });
  await day({ events: everybody([person('a'), person('b')]) });
  const here = { ...memoryStore(), folder: true };
  const server = memoryStore();
  expect(files.has('addresses.bin')).toBe(true);
  for (const name of files.keys()) expect([name, isCarried(name, here, here)]).toEqual([name, true]);
  expect(isCarried('ledger.key', here, server)).toBe(false);
  for (const foreign of ['plan.json', 'config.json', '.env', 'state.json', 'ledger.log.tmp'])
    expect([foreign, isCarried(foreign, here, here)]).toEqual([foreign, false]);
});
