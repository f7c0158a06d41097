import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
});
afterEach(() => world.close());

const people = ['a', 'b', 'c'].map((id) => person(id));

describe('target-together', () => {
  it('sends what stdin brings, gives the STATE back as a bare line, and keeps it in a file', async () => {
    const { code, stdout, stderr } = await world.type(
      ['--save-state', world.at('state.json'), '--summary', world.at('summary.json')],
      tapOutput(people, { bookmark: 1 }),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"bookmark":1}\n' });
    expect(world.sent().map(({ employeeId }) => employeeId)).toEqual(['a', 'b', 'c']);
    expect(readFileSync(world.at('state.json'), 'utf8')).toBe('{"bookmark":1}\n');
    expect(JSON.parse(readFileSync(world.at('summary.json'), 'utf8'))).toMatchObject({ outcomes: { created: 3 } });
    expect(stderr).toContain('3 people accepted');
  });

  it('--dry-run does the same up to the guards', async () => {
    const { code, stdout, stderr } = await world.type(['--dry-run', '--report', world.at('r.html')], tapOutput(people));
    expect({ code, stdout, sent: world.sent() }).toEqual({ code: 0, stdout: '', sent: [] });
    expect(stderr).toContain('This would send 3 people');
    expect(readFileSync(world.at('r.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(existsSync(world.at('state'))).toBe(false);
  });

  it('tells what ended it in the log, with its exit code', async () => {
    const { code, log, stdout } = await world.type([], `${tapOutput(people)}not JSON\n`);
    expect({ code, stdout, sent: world.sent() }).toEqual({ code: 1, stdout: '', sent: [] });
    expect(log.at(-1)).toMatch(/^Line 7 is not valid JSON/);
  });

  it('--accept releases the plan that a guard stopped, once', async () => {
    await world.type([], tapOutput(Array.from({ length: 20 }, (_, at) => person(`${at}`))));
    const gone = tapOutput([person('0')]);
    const stopped = await world.type([], gone);
    expect(stopped.code).toBe(3);
    expect(stopped.stderr).toContain('Stopped before the first write, nothing was sent.');
    // The reason is the last thing said, and said once.
    expect(stopped.stderr).not.toContain('--accept');
    const hash = /--accept ([0-9a-f]+)/.exec(stopped.log.at(-1) ?? '')?.[1] as string;
    expect((await world.type(['--accept', hash], gone)).code).toBe(0);
  });
});
