import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decisionsTable } from './decisions-index.ts';

/** The table of a folder with these files. */
function table(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'decisions-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return decisionsTable(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const record = (title: string, status: string) => `# ${title}\n\nStatus: ${status}\n\n**Decided**: so.\n`;

it('lists the records by number, with title, status and date', () => {
  const made = table({
    'README.md': '# Decisions\n',
    '0002-b.md': record('Second', 'accepted, 2026-11-23 (in place of another)'),
    '0001-a.md': record('First', 'superseded by 2, 2026-11-22'),
  });
  expect(made.split('\n').slice(2)).toEqual([
    '| 1 | [First](0001-a.md) | superseded by 2 | 2026-11-22 |',
    '| 2 | [Second](0002-b.md) | accepted | 2026-11-23 |',
  ]);
});

it('refuses a record without status or date, and a gap in the numbers', () => {
  expect(() => table({ '0001-a.md': '# First\n\n**Decided**: so.\n' })).toThrow('0001-a.md must begin with');
  expect(() => table({ '0001-a.md': record('First', 'accepted, yesterday') })).toThrow('0001-a.md must begin with');
  expect(() => table({ '0002-b.md': record('Second', 'accepted, 2026-11-23') })).toThrow('the next number is 1');
});
