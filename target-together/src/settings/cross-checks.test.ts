import { describe, expect, it } from 'vitest';
import { type CrossCheck, crossChecks, type RawSettings } from './cross-checks.ts';

const region = { region: 'eu' };
const redis = { ...region, limiter: { type: 'redis' }, ledger_key: 'a key of sixteen letters' };

const cases: readonly { readonly raw: RawSettings; readonly faults: readonly CrossCheck['path'][] }[] = [
  { raw: region, faults: [] },
  { raw: {}, faults: ['region'] },
  { raw: { ...region, api_url: 'https://example.com' }, faults: ['api_url'] },
  { raw: { api_url: 'http://example.com' }, faults: ['api_url'] },
  { raw: { api_url: 'http://127.0.0.1:1' }, faults: [] },
  { raw: { api_url: 'https://a:b@example.com' }, faults: ['api_url'] },
  { raw: { ...region, min_interval_ms: 999 }, faults: ['min_interval_ms'] },
  { raw: { ...region, min_interval_ms: 1000 }, faults: [] },
  { raw: { api_url: 'http://127.0.0.1:1', min_interval_ms: 0 }, faults: [] },
  { raw: { ...region, time_zone: 'Moon/Base' }, faults: ['time_zone'] },
  { raw: { ...region, time_zone: 'America/New_York' }, faults: [] },
  { raw: { ...region, webhook: { url: 'http://example.com' } }, faults: ['webhook'] },
  { raw: { ...region, webhook: { url: 'https://example.com' } }, faults: [] },
  { raw: { ...region, webhook: null }, faults: [] },
  { raw: { ...region, state_dir: 'redis' }, faults: ['state_dir', 'ledger_key'] },
  { raw: { ...redis, state_dir: 'redis:second' }, faults: [] },
  { raw: { ...redis, state_dir: 'rediss://user:secret@example.com' }, faults: ['state_dir'] },
  { raw: { ...region, limiter: { type: 'redis', url: 'redis://127.0.0.1:6379' } }, faults: [] },
  { raw: { ...region, limiter: { type: 'redis', url: 'redis://:secret@redis.example.com' } }, faults: ['limiter'] },
  { raw: { ...region, limiter: { type: 'redis', url: 'redis://127.0.0.1.example.com' } }, faults: ['limiter'] },
  { raw: { ...region, limiter: { type: 'redis', url: 'redis://redis', allow_plain: true } }, faults: [] },
  { raw: { ...region, limiter: { type: 'redis', url: 'rediss://redis.example.com' } }, faults: [] },
  { raw: { ...region, load_method: 'overwrite' }, faults: ['load_method'] },
  // Values of another type are the business of the type, and end no check.
  { raw: { region: 1, time_zone: 'UTC', state_dir: 7, min_interval_ms: 'x' } as unknown as RawSettings, faults: [] },
];

describe('settings that depend on each other', () => {
  it.each(cases)('$raw: $faults', ({ raw, faults }) => {
    expect(crossChecks.filter(({ holds }) => !holds(raw)).map(({ path }) => path)).toEqual(faults);
  });
});
