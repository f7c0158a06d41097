import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseCommandLine } from '@ukg-together/kit/command/command-line';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';
import { testIo } from '../../testing/session.ts';
import { commandTable } from '../command-table.ts';
import { singerRelease } from './singer-io.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
});
afterEach(() => world.close());

describe('Singer in and out', () => {
  it('reads a file with --input instead of stdin', async () => {
    writeFileSync(world.at('tap.singer'), tapOutput([person('a')]));
    const { code } = await world.type(['--input', world.at('tap.singer')], 'not JSON');
    expect({ code, sent: world.sent().length }).toEqual({ code: 0, sent: 1 });
    expect(await world.type(['--input', world.at('other')])).toMatchObject({ code: 2 });
  });

  it.each(['--summary', '--report', '--save-state'])('refuses a place for %s before it reads', async (flag) => {
    const { code, log } = await world.type([flag, world.at('missing/file')], tapOutput([person('a')]));
    expect({ code, sent: world.sent() }).toEqual({ code: 2, sent: [] });
    expect(log.at(-1)).toContain('missing/file');
  });

  it('keeps the last STATE of several', async () => {
    const [schema, record, , state] = tapOutput([person('a')], 1).split('\n') as [string, string, string, string];
    const lines = [schema, record, state, JSON.stringify({ type: 'STATE', value: 2 }), ''];
    const { stdout } = await world.type(['--save-state', world.at('state.json')], lines.join('\n'));
    expect(stdout).toBe('1\n2\n');
    expect(readFileSync(world.at('state.json'), 'utf8')).toBe('2\n');
  });
});

it.each([
  { isTTY: true, file: true, printed: '' },
  { isTTY: true, file: false, printed: '1\n' },
  { isTTY: false, file: true, printed: '1\n' },
])('a terminal sees no STATE that is kept in a file: $isTTY, $file', async ({ isTTY, file, printed }) => {
  const { io, stdout } = testIo();
  Object.assign(io.stdout, { isTTY });
  const path = world.at('state.json');
  const line = parseCommandLine(commandTable, file ? ['--save-state', path] : []);
  await singerRelease(line, io)({ type: 'state', value: 1 }, { records: 1, rejected: 0 });
  expect({ printed: stdout(), kept: existsSync(path) }).toEqual({ printed, kept: file });
});
