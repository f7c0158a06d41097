import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
});
afterEach(() => world.close());

const auditFile = (folder = 'state') => {
  const name = readdirSync(world.at(folder)).find((one) => /^audit-\d{4}-\d\d\.jsonl$/.test(one));
  return world.at(`${folder}/${name}`);
};

describe('audit verify', () => {
  it('says that there is nothing before the first run', async () => {
    const { code, stdout } = await world.type(['audit', 'verify']);
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, ok: true, runs: 0 });
  });

  it('finds a log in order, and the line that was changed', async () => {
    await world.type([], tapOutput([person('a')]));
    const intact = await world.type(['audit', 'verify']);
    expect(JSON.parse(intact.stdout)).toMatchObject({ ok: true, runs: 1 });
    expect(intact).toMatchObject({
      code: 0,
      log: [expect.stringMatching(/is in order: \d+ entries of 1 run, .* It ends at \d+:[0-9a-f]{64}\./)],
    });
    const file = auditFile();
    writeFileSync(file, readFileSync(file, 'utf8').replace('"created"', '"updated"'));
    const changed = await world.type(['audit', 'verify']);
    expect(changed.code).toBe(1);
    expect(changed.log.at(-1)).toMatch(/is broken at line \d+/);
  });

  it('holds what a run printed, and tells a state that was put back whole by it', async () => {
    await world.type([], tapOutput([person('a')]));
    cpSync(world.at('state'), world.at('old'), { recursive: true });
    const { stderr } = await world.type([], tapOutput([person('b')]));
    const [, head = ''] = /ends at (\d+:[0-9a-f]{64})/.exec(stderr.replace(/\s+/g, ' ')) ?? [];
    expect((await world.type(['audit', 'verify', '--head', head])).code).toBe(0);
    rmSync(world.at('state'), { recursive: true });
    cpSync(world.at('old'), world.at('state'), { recursive: true });
    expect((await world.type(['audit', 'verify'])).code).toBe(0);
    const back = await world.type(['audit', 'verify', '--head', head]);
    expect({ code: back.code, said: back.log.at(-1) }).toMatchObject({
      code: 1,
      said: expect.stringMatching(/never reaches entry \d+, whose hash was kept elsewhere/),
    });
    expect(await world.type(['audit', 'verify', '--head', '7:xyz'])).toMatchObject({ code: 2 });
  });

  it('misses a log that was taken away: no run goes on until a person accepts it, and a new one says so', async () => {
    await world.type([], tapOutput([person('a')]));
    expect((await world.type(['audit', 'accept'])).stdout).toContain('is in order; nothing was changed');
    rmSync(auditFile());
    rmSync(world.at('state/audit.head'));
    expect((await world.type(['audit', 'verify'])).log.at(-1)).toMatch(
      /There is no log, though the state knows of runs/,
    );
    for (const command of [[], ['privacy', 'forget', 'a'], ['ledger', 'export', world.at('copy')]]) {
      const next = await world.type(command, tapOutput([person('a')]));
      expect([next.code, next.log.join('\n')]).toEqual([
        1,
        expect.stringMatching(/audit log in .* is damaged .* There is no log/),
      ]);
    }
    expect((await world.type(['privacy', 'show', 'a'])).stdout).toContain('ledger:');
    const accepted = await world.type(['audit', 'accept']);
    expect([accepted.code, accepted.stdout]).toEqual([0, expect.stringMatching(/Damage accepted .* There is no log/)]);
    expect((await world.type([], tapOutput([person('a')]))).code).toBe(0);
    const { code, log } = await world.type(['audit', 'verify']);
    expect([code, log[0]]).toEqual([0, expect.stringMatching(/accepted that the log before it was damaged/)]);
  });

  it('an older copy of the log stops the next run', async () => {
    await world.type([], tapOutput([person('a')]));
    const [log, head] = [readFileSync(auditFile()), readFileSync(world.at('state/audit.head'))];
    await world.type([], tapOutput([person('b')]));
    writeFileSync(auditFile(), log);
    writeFileSync(world.at('state/audit.head'), head);
    const next = await world.type([], tapOutput([person('c')]));
    expect([next.code, next.log.join('\n')]).toEqual([1, expect.stringMatching(/an older copy, or was cut off/)]);
  });

  it('misses the last run where the log went back to before it', async () => {
    await world.type([], tapOutput([person('a')]));
    const [log, head] = [readFileSync(auditFile()), readFileSync(world.at('state/audit.head'))];
    await world.type([], tapOutput([person('b')]));
    writeFileSync(auditFile(), log);
    writeFileSync(world.at('state/audit.head'), head);
    expect((await world.type(['audit', 'verify'])).log.at(-1)).toMatch(
      /does not name run .*, which the state remembers/,
    );
  });

  it('finds releases, forgotten people, exports and imports in the log, and nobody’s id who was forgotten', async () => {
    await world.type(['--accept', 'no-such-plan'], tapOutput([person('a')]));
    await world.type(['ledger', 'forget', 'a']);
    await world.type(['ledger', 'export', world.at('copy')]);
    const types = (file: string) =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; released?: boolean });
    const entries = types(auditFile());
    expect(entries.map(({ type }) => type)).toEqual([
      'accepted',
      'run_started',
      'outcomes',
      'run_finished',
      'forgotten',
      'exported',
    ]);
    expect(entries[0]).toMatchObject({ plan: 'no-such-plan', released: false });
    expect(JSON.stringify(entries[4])).not.toMatch(/"a"/);
    const settings = JSON.parse(readFileSync(world.config, 'utf8')) as object;
    writeFileSync(world.config, JSON.stringify({ ...settings, state_dir: world.at('other') }));
    await world.type(['ledger', 'import', world.at('copy')]);
    expect(types(auditFile('other')).at(-1)?.type).toBe('imported');
    expect((await world.type(['audit', 'verify'])).code).toBe(0);
  });

  it('needs a state', async () => {
    await world.close();
    world = await commandWorld({ state_dir: null });
    expect(await world.type(['audit', 'verify'])).toMatchObject({
      code: 2,
      log: [expect.stringMatching(/no audit log/)],
    });
  });
});
