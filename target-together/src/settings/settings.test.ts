import { describe, expect, it } from 'vitest';
import { apiBase, Settings } from './settings.ts';

const needed = { organization_id: 'o', client_id: 'c', api_key: 'k' };
const faults = (settings: object) =>
  Settings.safeParse(settings).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];

describe('settings', () => {
  it('have the documented defaults', () => {
    expect(Settings.parse({ ...needed, region: 'eu' })).toMatchObject({
      batch_size: 2000,
      max_body_bytes: 4_000_000,
      min_interval_ms: 1000,
      resend_after_hours: 24,
      vanished: 'report',
      max_rejected_percent: 5,
      limiter: { type: 'local' },
      guards: {
        max_terminated: { count: 10, percent: 5 },
        max_vanished: { count: 10, percent: 5 },
        max_changed: { count: 50, percent: 30 },
        max_created: { count: 50, percent: 20 },
        min_rows_percent: 80,
        min_filled_percent: 90,
      },
    });
  });

  it('keep the other half of a guard when only one is set', () => {
    const { guards } = Settings.parse({ ...needed, region: 'eu', guards: { max_vanished: { count: 3 } } });
    expect(guards.max_vanished).toEqual({ count: 3, percent: 5 });
  });

  it('have no default region, and tell that fault beside all others', () => {
    const found = faults({ min_interval_ms: 5, api_key: 'k', time_zone: 'Moon/Base' });
    expect(found.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'client_id',
      'min_interval_ms',
      'organization_id',
      'region',
      'time_zone',
    ]);
  });

  it('send to the region’s host, or to one other place and not both', () => {
    expect(apiBase(Settings.parse({ ...needed, region: 'ca' })).host).toBe('api.ca.togetherplatform.com');
    expect(apiBase({ region: undefined, api_url: 'https://API.example.com.:8443/' }).host).toBe('api.example.com:8443');
    expect(faults({ ...needed, region: 'ca', api_url: 'https://proxy.example.com' })[0]).toMatch(/api_url/);
  });

  it.each(['http://api.example.com', 'ftp://127.0.0.1', 'https://user:secret@example.com'])('refuse %s', (api_url) => {
    const found = faults({ ...needed, api_url });
    expect(found[0]).toMatch(/^api_url/);
    expect(found.join()).not.toMatch(/secret/);
  });

  it.each(['a\nb', 'a\u00a0', '\u200ba', 'ü'])('refuse as a header what none carries: %j', (value) => {
    const found = faults({ region: 'eu', organization_id: value, client_id: value, api_key: value });
    expect(found.map((fault) => fault.split(':')[0])).toEqual(['organization_id', 'client_id', 'api_key']);
    expect(found.join()).not.toContain(value);
  });

  it('let an interval below one second only on this very machine', () => {
    expect(faults({ ...needed, api_url: 'http://127.0.0.1:1', min_interval_ms: 0 })).toEqual([]);
    expect(faults({ ...needed, api_url: 'https://example.com', min_interval_ms: 999 })[0]).toMatch(/min_interval_ms/);
    expect(faults({ ...needed, region: 'us', min_interval_ms: 999 })[0]).toMatch(/min_interval_ms/);
  });

  it('refuse a filter that says both or neither, and load_method overwrite', () => {
    const filters = [{ field: 'a' }, { field: 'b', in: ['1'], not_in: ['2'] }];
    expect(faults({ ...needed, region: 'us', filters })).toHaveLength(2);
    expect(faults({ ...needed, region: 'us', load_method: 'overwrite' })[0]).toMatch(
      /^load_method: overwrite is refused/,
    );
  });
});
