/** A disk that forgets a bit, a neighbour who can write: whatever of a state was changed is told, and nobody is sent. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Action, actions } from '../../target-together/src/model/outcome.ts';
import { openPlan } from '../../target-together/src/plan/file/read-plan.ts';
import { writePlan } from '../../target-together/src/plan/file/write-plan.ts';
import { person } from '../../target-together/src/testing/people.ts';
import { everybody, world } from '../../target-together/src/testing/run.ts';
import { type House, openHouse, start } from '../support/pipe.ts';
import { protocols, twoPeople } from '../support/protocols.ts';

/** With one bit turned. */
function turned(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

it('every single bit of a small state: the next run sends nothing', async () => {
  const { files, day } = world();
  await day({ events: everybody([person('a', { title: 'w' }), person('b', { title: 'w' })]) });
  // Records that this run replaces stay in the file: a bit of theirs is a changed bit, too.
  await day({ events: everybody([person('a', { title: 'x' }), person('b', { title: 'x' })]) });
  const kept = [...files].map(([name, bytes]) => [name, Buffer.from(bytes)] as const);
  expect(kept.map(([name]) => name.replace(/[0-9a-f]{32}/, '*')).sort()).toEqual([
    'addresses.bin',
    'ledger-fields-*.log',
    'ledger.log',
    'runs.json',
  ]);
  for (const [name, whole] of kept) {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      // Signed as a whole: a bit of each byte stands for the others, which its unit test turns too.
      if (name === 'runs.json' && (bit & 7) !== ((bit >> 3) & 7)) continue;
      files.clear();
      for (const [one, bytes] of kept) files.set(one, one === name ? turned(whole, bit) : Buffer.from(bytes));
      const outcome = await day({ events: everybody([person('a', { title: 'y' }), person('b', { title: 'y' })]) }).then(
        ({ error, sent }) => (error ? sent.length : 'no error'),
        () => 0,
      );
      expect([name, bit, outcome]).toEqual([name, bit, 0]);
    }
  }
});

it('every single bit of a plan file: it does not open, or not to its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const path = join(folder, 'plan.json');
  const secret = Buffer.alloc(32, 7);
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  try {
    await writePlan(
      path,
      secret,
      {
        plan_hash: '0123456789abcdef',
        run_id: 'r',
        created_at: '2026-03-31T04:00:00.000Z',
        read_at: '2026-03-31T04:00:00.000Z',
        tool: { name: 'target-together', version: '1', node: '20' },
        destination: { host: 'h', region: 'us', organization_id: 'o' },
        hashes: { settings: 's', mapping: 'm', ledger: 'l' },
        redaction: 'ids',
        complete: true,
        people_read: 2,
        actions: counts,
        guards: [],
        causes: [],
        to_send: 1,
      },
      {
        read: { states: [] },
        people: [{ id: 'a', action: 'join', new: true, json: JSON.stringify(person('a', { title: 'x' })) }],
        unsent: [{ id: 'b', action: 'same', user: { email: 'b@example.com' } }],
      },
    );
    const whole = readFileSync(path);
    const readAll = async () => {
      const plan = await openPlan(path, [secret]);
      for await (const person of plan.people()) expect(person.id).toBe('a');
      for await (const person of plan.unsent()) expect(person.id).toBe('b');
    };
    await readAll();
    for (let bit = 0; bit < whole.length * 8; bit++) {
      writeFileSync(path, turned(whole, bit));
      const opened = await readAll().then(
        () => 'opens',
        () => 'refused',
      );
      expect([bit, opened]).toEqual([bit, 'refused']);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

let house: House | undefined;
afterEach(() => house?.close());

describe.each(protocols)('a sample of bits, by the executables: $name', (protocol) => {
  it('a run sends nothing, and names the file; with the file put back it goes on', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    const { together, folder } = house;
    const run = (title: string) => protocol.write(house as House, twoPeople(title));
    house.configure({}, { keep_values_days: 30 });
    const first = await run('Engineer');
    expect(first.code, first.said).toBe(0);
    const state = join(folder, 'together');
    const posts = () => together.journal.matching().filter(({ method }) => method === 'POST').length;
    const before = posts();
    for (const name of readdirSync(state).filter((one) => /^(ledger|runs|addresses|value)/.test(one))) {
      const path = join(state, name);
      const whole = readFileSync(path);
      // The first bytes, the middle, the last: of a text file its newline, which is then another blank.
      for (const at of [1, whole.length >> 1, whole.length - 2, whole.length - 1]) {
        writeFileSync(path, turned(whole, at * 8 + (at === whole.length - 1 ? 0 : 4)));
        const { code, said } = await run('Manager');
        expect([name, at, code === 1 || code === 2, posts()], said).toEqual([name, at, true, before]);
        writeFileSync(path, whole);
      }
    }
    const healed = await run('Manager');
    expect([healed.code, posts()], healed.said).toEqual([0, before + 1]);
  });

  it('the audit log: a run sends nothing, verify names the file and the line; accepted, runs go on', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    const { config, folder, together } = house;
    const run = (title: string) => protocol.write(house as House, twoPeople(title));
    await run('Engineer');
    const state = join(folder, 'together');
    const audit = (what: string) => start('target-together', ['audit', what, '--config', config]);
    const posts = () => together.journal.matching().filter(({ method }) => method === 'POST').length;
    const before = posts();
    expect((await audit('verify')).code).toBe(0);
    for (const name of readdirSync(state).filter((one) => one.startsWith('audit'))) {
      const path = join(state, name);
      const whole = readFileSync(path);
      for (const at of [1, whole.length >> 1, whole.length - 1]) {
        writeFileSync(path, turned(whole, at * 8 + 1));
        const { code, stdout } = await audit('verify');
        expect([name, at, code, (JSON.parse(stdout) as { ok: boolean }).ok]).toEqual([name, at, 1, false]);
        const ran = await run('Manager');
        expect([name, at, ran.code, posts(), ran.said.includes('The audit log')], ran.said).toEqual([
          name,
          at,
          1,
          before,
          true,
        ]);
      }
      writeFileSync(path, whole);
    }
    // Under an old month's name it would be taken for expired, and the program itself would remove it.
    const [log = ''] = readdirSync(state).filter((one) => /^audit-.*\.jsonl$/.test(one));
    const old = 'audit-2020-01.jsonl';
    renameSync(join(state, log), join(state, old));
    expect((await audit('verify')).stdout).toContain('it was given another name');
    const renamed = await run('Manager');
    expect([renamed.code, posts(), readdirSync(state).includes(old)], renamed.said).toEqual([1, before, true]);
    renameSync(join(state, old), join(state, log));
    for (const name of readdirSync(state).filter((one) => one.startsWith('audit'))) rmSync(join(state, name));
    const gone = await run('Manager');
    expect([gone.code, posts()], gone.said).toEqual([1, before]);
    const accepted = await audit('accept');
    expect(accepted.code, accepted.stderr).toBe(0);
    const healed = await run('Manager');
    expect([healed.code, posts()], healed.said).toEqual([0, before + 1]);
    const { code, stdout } = await audit('verify');
    expect([code, stdout], stdout).toEqual([0, expect.stringContaining('accepted that the log before it was damaged')]);
  });
});
