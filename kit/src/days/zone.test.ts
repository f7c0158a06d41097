import { expect, it } from 'vitest';
import { isKnownZone, problemOfZone } from './zone.ts';

it.each([
  ['UTC', true],
  ['America/New_York', true],
  ['Asia/Kathmandu', true],
  ['Moon/Base', false],
  ['New York', false],
  ['', false],
])('%s: known is %s', (zone, known) => {
  expect(isKnownZone(zone)).toBe(known);
  expect(problemOfZone(zone) === undefined).toBe(known);
});
