import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isSameClock, zoneOfOtherHalf } from './other-half.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'other-half-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const zone = 'America/New_York';

it.each([
  ['its section of the same file', { 'tap-ukg-pro': { time_zone: zone } }, {}, { zone, half: 'tap-ukg-pro' }],
  ['its old name', { 'tap-ukg-pro': { timezone: zone } }, {}, { zone, half: 'tap-ukg-pro' }],
  ['its variable', {}, { TAP_UKG_PRO_TIME_ZONE: zone }, { zone, half: 'tap-ukg-pro' }],
  [
    'its default, where it has settings',
    { 'tap-ukg-pro': { username: 'u' } },
    {},
    { zone: 'UTC', half: 'tap-ukg-pro' },
  ],
  ['nothing, where it has none', { 'tap-ukg-pro': {} }, {}, undefined],
  ['no zone that is one', { 'tap-ukg-pro': { time_zone: 'Eastern' } }, {}, undefined],
  ['its own section alone', { 'target-together': { time_zone: zone } }, {}, undefined],
])('the zone of the other half: %s', async (_, file, env, wanted) => {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(file));
  expect(await zoneOfOtherHalf([path, 'ENV'], 'target-together', env)).toEqual(wanted);
});

it('a variable that no setting is read from says nothing', async () => {
  expect(await zoneOfOtherHalf([], 'target-together', { TAP_UKG_PRO_TIME_ZONE: zone })).toBeUndefined();
});

it.each([
  ['Europe/Paris', 'Europe/Berlin', true],
  ['UTC', 'Etc/UTC', true],
  ['UTC', 'Europe/London', false],
  ['America/Phoenix', 'America/Denver', false],
])('%s and %s have the same clock: %s', (one, other, wanted) => expect(isSameClock(one, other)).toBe(wanted));
