import { copyFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld({ max_rejected_percent: 100 });
});
afterEach(() => world.close());

describe('worklist', () => {
  it('says that there is nothing to correct', async () => {
    expect(await world.type(['worklist'])).toMatchObject({ code: 0, stdout: 'Nothing to correct.\n' });
  });

  it('lists by company what to do about whom, without a name or an address', async () => {
    const shared = { email: 'same@example.com', companyName: 'Beta, Inc.' };
    const users = [
      person('good'),
      { ...person('bad'), email: 'no address', companyName: 'Acme', employeeNumber: '0077' },
      { ...person('x'), ...shared },
      { ...person('y'), ...shared },
    ];
    await world.type([], tapOutput(users));
    const { code, stdout } = await world.type(['worklist', '--csv']);
    const [head, ...rows] = stdout.trim().split('\n');
    expect({ code, head, first: rows[0] }).toEqual({
      code: 0,
      head: 'owner,age_days,problem,fix,id,employee_number',
      first: 'Acme,0,The work e-mail address is not a valid address,correct the address.,bad,0077',
    });
    expect(rows.slice(1).map((row) => row.split(',').at(-2))).toEqual(['x', 'y']);
    expect(rows[1]).toContain('"Beta, Inc."');
    expect(stdout).not.toMatch(/example\.com|no address/);
    const json = JSON.parse((await world.type(['worklist', '--format', 'json'])).stdout) as unknown[];
    expect(json).toHaveLength(rows.length);
  });

  it('lists what an interrupted run left as well, each row once', async () => {
    await world.type([], tapOutput([person('good'), { ...person('bad'), email: '' }]));
    const before = (await world.type(['worklist', '--csv'])).stdout;
    const [rejects, next] = ['rejects.singer', 'rejects.next.singer'].map((name) => world.at(`state/${name}`)) as [
      string,
      string,
    ];
    copyFileSync(rejects, next);
    expect((await world.type(['worklist', '--csv'])).stdout).toBe(before);
    rmSync(rejects);
    expect((await world.type(['worklist', '--csv'])).stdout).toBe(before);
    expect(before).toContain(',bad,');
  });
});
