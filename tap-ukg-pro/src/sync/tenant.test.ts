import { expect, it } from 'vitest';
import { tenantOf } from './tenant.ts';

const settings = { base_url: 'https://service5.ultipro.com', customer_api_key: 'ABCDE' };
const bookmarks = { employees: { replication_key_value: '2026-01-01T00:00:00.000Z' }, locations: {}, other: { x: 1 } };
const streams = ['employees', 'locations'];

it('a state without a mark is taken, and marked where it is this tap’s and says something', () => {
  const marked = tenantOf(settings).own(bookmarks, streams);
  expect(marked).toEqual({
    ...bookmarks,
    employees: { ...bookmarks.employees, tenant: expect.stringMatching(/^[0-9a-f]{4}$/) },
  });
  expect(tenantOf(settings).own(marked, streams)).toEqual(marked);
});

it.each([
  ['another host', { base_url: 'https://service4.ultipro.com' }],
  ['another customer', { customer_api_key: 'ABCDF' }],
])('a state of %s is refused, with neither key nor mark in what is said', (_what, other) => {
  const marked = tenantOf(settings).own(bookmarks, streams);
  const tenant = tenantOf({ ...settings, ...other });
  expect(() => tenant.own(marked, streams)).toThrow(
    expect.objectContaining({ kind: 'settings', exitCode: 2, message: expect.stringContaining('"employees"') }),
  );
});

it('a mark of any other kind is no mark of this tenant', () => {
  for (const tenant of [7, {}, [], true, ''])
    expect(() => tenantOf(settings).own({ employees: { tenant } }, streams)).toThrow(/another tenant/);
});
