/** Runs watched by OpenTelemetry's real SDK, and a collector that looks at every byte. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LifeEvent, playEvent } from '@ukg-together/sandbox/life';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, type Point, startCollector } from '../support/collector.ts';
import { installed } from '../support/packages.ts';
import { type House, openHouse, start } from '../support/pipe.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const newest = major > 22 || (major === 22 && minor >= 15) ? '0.301.0' : '0.223.0';

let house: House;
let collector: Collector;
afterEach(async () => {
  await collector?.close();
  await house.close();
});

const trace = '0af7651916cd43dd8448eb211c80319c';
const gauged = (points: readonly Point[], metric: string, attributes: object = {}) =>
  points.findLast(
    (point) => point.metric === metric && Object.entries(attributes).every(([key, is]) => point.attributes[key] === is),
  )?.value;

/** Of every person at UKG: what must not leave but to Together. */
function canaries(): string[] {
  const { credentials, world } = house.ukg;
  const people = [...house.together.users.values()] as Record<string, string>[];
  const values = people.flatMap(({ employeeId, email, firstName, lastName }) => [
    employeeId,
    email,
    firstName,
    lastName,
  ]);
  const { apiKey, clientId } = house.together.credentials;
  return [
    ...values.filter((value): value is string => value !== undefined && value.length > 4),
    world.person(3).employeeId,
    credentials.password,
    credentials.customerApiKey,
    apiKey,
    clientId,
  ];
}

let packages: string;
const install = (version: string) => () => {
  packages = installed(`@opentelemetry/sdk-node@${version}`);
};
const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  UKG_TOGETHER_PACKAGES: packages,
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  TRACEPARENT: `00-${trace}-b7ad6b7169203331-01`,
  ...more,
});

describe.each(['0.200.0', newest])('with the SDK %s', (version) => {
  beforeAll(install(version), 300_000);

  it('a pipe is one trace, with the numbers of its summary, and nobody’s data in it', async () => {
    collector = await startCollector();
    house = await openHouse({ ukg: { people: 400 } });
    const { tap, target, summary } = await house.sync({ tapEnv: env(), targetEnv: env() });
    expect([tap.code, target.code], tap.stderr + target.stderr).toEqual([0, 0]);

    const { spans, points } = collector;
    expect(new Set(spans.map((span) => span.trace))).toEqual(new Set([trace]));
    expect(spans.filter(({ failed }) => failed)).toEqual([]);
    const names = (service: string) => spans.filter((span) => span.service === service).map(({ name }) => name);
    const phases = ['target-together run', 'read', 'plan', 'guards', 'deliver', 'POST /public/user'];
    expect(names('target-together')).toEqual(expect.arrayContaining(phases));
    expect(names('tap-ukg-pro')).toEqual(
      expect.arrayContaining(['tap-ukg-pro sync', 'sync', 'GET /personnel/v1/person-details']),
    );
    const parentOf = (name: string) => {
      const span = spans.find((found) => found.name === name);
      return spans.find(({ id }) => id === span?.parent)?.name;
    };
    expect(parentOf('POST /public/user')).toBe('deliver');
    expect(parentOf('deliver')).toBe('target-together run');
    expect(parentOf('GET /personnel/v1/person-details')).toBe('sync');
    const root = spans.find(({ name }) => name === 'target-together run');
    expect(root?.attributes).toMatchObject({ run_id: summary['run_id'], mode: 'run' });

    const people = points.filter(({ metric }) => metric === 'people');
    expect(Object.fromEntries(people.map(({ attributes, value }) => [attributes['outcome'], value]))).toEqual(
      summary.outcomes,
    );
    expect(gauged(points, 'record_count', { stream: 'employees' })).toBe(summary.people_read);
    const posts = house.together.journal.matching().filter(({ method }) => method === 'POST');
    expect(gauged(points, 'http_request_duration', { endpoint: '/public/user' })).toBe(posts.length);
    expect(gauged(points, 'last_success')).toBeGreaterThan(Date.now() / 1000 - 120);

    const text = collector.text();
    const values = canaries();
    expect(values.length).toBeGreaterThan(1000);
    expect(values.filter((value) => text.includes(value))).toEqual([]);
    expect(text).not.toMatch(/command_args|process\.owner|@example/);
  });

  it('a run that a guard stops is a failed one, and tells which guard', async () => {
    collector = await startCollector();
    house = await openHouse({ ukg: { people: 400 } });
    await house.sync();
    const { world } = house.ukg;
    for (let index = 0, left = 0; left < 60; index++) {
      const { employeeId, employments } = world.person(index);
      if (employments.length !== 1 || employments[0]?.status !== 'A') continue;
      playEvent(world, { kind: 'leave', employeeId } as LifeEvent);
      left++;
    }
    const { target } = await house.sync({ targetEnv: env() });
    expect(target.code, target.stderr).toBe(3);
    const failed = collector.spans.filter((span) => span.failed);
    expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
      ['guards', 'guard'],
      ['target-together run', 'guard'],
    ]);
    expect(gauged(collector.points, 'guard_tripped', { guard: 'max_terminated' })).toBe(1);
    expect(gauged(collector.points, 'failing')).toBe(1);
    expect(gauged(collector.points, 'last_success')).toBeLessThan(Date.now() / 1000);
  });
});

describe('with the newest SDK', () => {
  beforeAll(install(newest), 300_000);

  it('Airbyte’s source is watched as well', async () => {
    collector = await startCollector();
    house = await openHouse({ ukg: { people: 50 } });
    const own = (JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>)['tap-ukg-pro'];
    const [config, catalog] = ['airbyte.json', 'catalog.json'].map((name) => join(house.folder, name)) as [
      string,
      string,
    ];
    writeFileSync(config, JSON.stringify(own), { mode: 0o600 });
    const stream = { name: 'employees', json_schema: {}, supported_sync_modes: ['full_refresh'] };
    writeFileSync(
      catalog,
      JSON.stringify({ streams: [{ stream, sync_mode: 'full_refresh', destination_sync_mode: 'append' }] }),
    );
    const ran = await start('source-ukg-pro', ['read', '--config', config, '--catalog', catalog], { env: env() });
    expect(ran.code, ran.stdout.slice(-2000)).toBe(0);
    expect(collector.spans.map(({ name }) => name)).toContain('source-ukg-pro read');
  });

  it('a collector that hangs delays a run by seconds, warns once and changes nothing else', async () => {
    collector = await startCollector({ answers: false });
    house = await openHouse({ ukg: { people: 50 } });
    const from = performance.now();
    const { tap, target } = await house.sync({ targetEnv: env() });
    expect([tap.code, target.code], target.stderr).toEqual([0, 0]);
    expect(performance.now() - from).toBeLessThan(30_000);
    expect(target.stderr.match(/OpenTelemetry could not deliver/g)).toHaveLength(1);
    expect(house.together.users.size).toBeGreaterThan(40);
  });

  it('nothing but messages is on stdout, even when the SDK prints what it has', async () => {
    collector = await startCollector();
    house = await openHouse({ ukg: { people: 20 } });
    const printing = { OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'console', OTEL_LOG_LEVEL: 'debug' };
    const ran = await start('tap-ukg-pro', ['--config', house.config], { env: env(printing) });
    expect(ran.code, ran.stderr).toBe(0);
    for (const line of ran.stdout.trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(ran.stderr).toContain('tap-ukg-pro sync');
  });
});

describe('without the SDK', () => {
  const asked = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

  it('a run goes on and says in one sentence what to install', async () => {
    house = await openHouse({ ukg: { people: 20 } });
    const ran = await start('tap-ukg-pro', ['--config', house.config], { env: asked });
    expect(ran.code, ran.stderr).toBe(0);
    const lines = ran.stderr.split('\n').filter((line) => line.includes('OpenTelemetry'));
    expect(lines).toEqual([expect.stringMatching(/WARNING.*npm i @opentelemetry\/sdk-node/)]);
  });

  it('nobody hears of it where it is disabled, or only looked at something', async () => {
    house = await openHouse({ ukg: { people: 20 } });
    const disabled = await start('tap-ukg-pro', ['--config', house.config], {
      env: { ...asked, OTEL_SDK_DISABLED: 'true' },
    });
    expect(disabled.stderr).not.toContain('OpenTelemetry');
    const status = await start('target-together', ['status', '--config', house.config], { env: asked });
    expect(status.stderr).not.toContain('OpenTelemetry');
  });
});
