import { settingsJsonSchema } from '@ukg-together/kit/settings/to-json-schema';
import { describe, expect, test } from 'vitest';
import { pageSizeOf, settingsSchema } from './settings.ts';

const good = { base_url: 'Servicet', username: 'u', password: 'p', customer_api_key: 'ABCDE' };
const faults = (changes: Record<string, unknown>) =>
  settingsSchema
    .safeParse({ ...good, ...changes })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the settings', () => {
  test('four are enough, and the defaults are the documented ones', () => {
    expect(settingsSchema.parse(good)).toMatchObject({
      base_url: 'https://servicet.ultipro.com',
      lookback_days: 2,
      full_read_interval_hours: 24,
      time_zone: 'UTC',
      transfer_grace_days: 3,
      transfer_reasons: ['TRO'],
      hire_lead_days: 0,
      mark_left_out: false,
      emit_activate_version_messages: true,
      keep_unknown_fields: false,
      home_company_source: 'person_details',
      max_concurrency: 2,
    });
  });

  test('the zone goes by its old name too; the new one wins', () => {
    const zoneOf = (changes: object) => settingsSchema.parse({ ...good, ...changes }).time_zone;
    expect(zoneOf({ timezone: 'America/Denver' })).toBe('America/Denver');
    expect(zoneOf({ timezone: 'America/Denver', time_zone: 'Asia/Tokyo' })).toBe('Asia/Tokyo');
  });

  test.each([
    [{ base_url: 'ftp://x' }, /base_url: starts with ftp/],
    [{ username: 'a:b' }, /username: must not hold a colon/],
    [{ customer_api_key: 'AB\u200bC12' }, /customer_api_key: holds a character that no HTTP header/],
    [{ user_agent: 'a\nb' }, /user_agent: holds a character/],
    [{ time_zone: 'Mars/Olympus' }, /time_zone: is no zone/],
    [{ timezone: 'Mars/Olympus' }, /timezone: is no zone/],
    [{ transfer_grace_days: -1 }, /transfer_grace_days/],
    [{ start_date: 'yesterday' }, /start_date: must be a date/],
    [{ start_date: '2026-02-45' }, /start_date: is no real date/],
    [{ filters: [{ field: 'x', in: ['a'], not_in: ['b'] }] }, /filters.0: needs exactly one/],
    [{ custom_endpoints: [{ name: 'Bad', path: 'x' }] }, /custom_endpoints.0.name/],
    [{ custom_endpoints: [{ name: 'a', path: '/a/../b' }] }, /must not hold \.\./],
    [{ include_fields: ['employees'] }, /include_fields.0: must be stream.field/],
    [{ department_org_level: 5 }, /department_org_level/],
    [{ page_size: 0 }, /page_size/],
  ])('%j is refused by path', (changes, expected) => {
    expect(faults(changes).join('\n')).toMatch(expected);
  });

  const { properties = {} } = settingsJsonSchema(settingsSchema);

  test('whatever looks like a secret is marked as one, and nothing else', () => {
    for (const [name, schema] of Object.entries(properties)) {
      expect(`${name} ${schema['secret'] === true}`).toBe(`${name} ${/password|_key$|secret|token/.test(name)}`);
    }
  });

  test('every setting speaks to you: a title and a description', () => {
    for (const [name, { title, description }] of Object.entries(properties)) {
      expect(`${name}: ${typeof title} ${typeof description}`).toBe(`${name}: string string`);
    }
  });

  test('page sizes: one for all, or by stream, never above what the web service allows', () => {
    const changes = { name: 'employee_changes', pageSize: 200 };
    expect(pageSizeOf({ page_size: undefined }, changes)).toBe(200);
    expect(pageSizeOf({ page_size: 500 }, changes)).toBe(200);
    expect(pageSizeOf({ page_size: { employee_changes: 50 } }, changes)).toBe(50);
    expect(pageSizeOf({ page_size: { other: 50 } }, changes)).toBe(200);
  });
});
