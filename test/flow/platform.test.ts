/** The stand-in for Airbyte's platform, with connectors that end when it suits no writer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { synchronise } from '../support/platform.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'platform-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, lines: string) {
  const executable = join(folder, name);
  writeFileSync(executable, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return { executable, config: '' };
}

// More than a pipe holds, so that the platform waits for the destination at the moment at which that one ends.
const records = 20_000;
const source = () =>
  script('source', `yes '{"type":"RECORD","record":{"stream":"employees","data":{}}}' | head -n ${records}`);

it.each([
  ['ends after its first line', 'read line; exit 3', 3],
  ['ends before its first line', 'exit 2', 2],
  ['closes its input and goes on', 'read line; exec <&-; sleep 1; exit 4', 4],
  ['is killed', 'read line; kill -9 $$', 137],
  ['reads slowly', 'sleep 1; cat > /dev/null', 0],
])('reads a source to its end though the destination %s, and tells both exit codes', async (_when, lines, code) => {
  const ended = await synchronise({ source: source(), destination: script('destination', lines), catalog: '' });
  expect(ended).toMatchObject({ sourceCode: 0, destinationCode: code, succeeded: code === 0, read: records });
});
