import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../state/store/lock.ts';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld({ max_rejected_percent: 50 });
});
afterEach(() => world.close());

const good = () => world.type([], tapOutput([person('a'), person('b'), { ...person('bad'), email: '-' }]));

describe('status', () => {
  it('says that there was no run yet', async () => {
    const { code, stdout } = await world.type(['status']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Last success   none') });
    expect((await world.type(['status', '--max-age-hours', '26'])).code).toBe(1);
  });

  it('tells of the last successful run, of refusals and of the ledger', async () => {
    await good();
    const { code, stdout } = await world.type(['status', '--max-age-hours', '26']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Last success {3}\S+, 0 h ago, within 26 h, 3 people read/);
    expect(stdout).toMatch(/Open rejects {3}1, the oldest since /);
    expect(stdout).toMatch(/Ledger {9}2 people accepted, 2 of them not terminated/);
  });

  it('has the same for monitors', async () => {
    await good();
    await world.type([], 'not JSON\n');
    const { stdout } = await world.type(['status', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      last_successful_run: { people_read: 3, age_hours: 0 },
      last_run: { exit_code: 1 },
      failing_since: expect.any(String),
      interrupted_run: null,
      open_rejects: 1,
      people_known: 2,
    });
  });

  it('says that a run is under way, and calls it no interrupted one', async () => {
    await good();
    const lock = await takeLock({
      name: `folder ${world.at('state')}`,
      what: '',
      pid: 77,
      now: () => Date.UTC(2026, 2, 31, 4),
    });
    const during = await world.type(['status']);
    const json = JSON.parse((await world.type(['status', '--format', 'json'])).stdout) as object;
    await lock.release();
    expect(during.stdout).toContain('Running now    since 2026-03-31T04:00:00.000Z, process 77');
    expect(json).toMatchObject({ running: { pid: 77 }, interrupted_run: null });
    expect((await world.type(['status'])).stdout).not.toContain('Running');
  });

  it('needs hours that are a number, and a state', async () => {
    expect(await world.type(['status', '--max-age-hours', 'soon'])).toMatchObject({ code: 2 });
    await world.close();
    world = await commandWorld({ state_dir: null });
    expect(await world.type(['status'])).toMatchObject({ code: 2, log: [expect.stringMatching(/state_dir is null/)] });
  });
});
