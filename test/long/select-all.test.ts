/** What any selection pattern selects can be read with the three rights of the setup, and holds nothing sensitive. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

const rights = ['Employee Person Details', 'Personnel Integration', 'Company Configuration Integration'];
const mark = 'qzcanary';
/** Values that the tap takes for sensitive. */
const sensitive = ['ssn', 'formerName', 'homePhone', 'line1', 'line2', 'city', 'zip'] as const;

async function open(settings: object = {}): Promise<void> {
  house = await openHouse({ ukg: { people: 30, seed: 9, clean: true, rights } });
  for (let index = 0; index < 30; index++) {
    const person = house.ukg.world.open(index);
    for (const field of sensitive) person[field] = `${mark}${field}${index}`;
  }
  house.configure(settings);
}

interface Metadata {
  breadcrumb: string[];
  metadata: Record<string, unknown>;
}
interface Discovered {
  streams: { stream: string; schema: { properties: Record<string, unknown> }; metadata: Metadata[] }[];
}

/** As Meltano's `select: ["*.*"]` writes it. */
async function everything(): Promise<{ path: string; discovered: Discovered }> {
  const ran = await start('tap-ukg-pro', ['--discover', '--config', house.config]);
  const discovered = JSON.parse(ran.stdout) as Discovered;
  for (const { metadata } of discovered.streams) for (const entry of metadata) entry.metadata['selected'] = true;
  const path = join(house.folder, 'selected.json');
  writeFileSync(path, JSON.stringify(discovered));
  return { path, discovered };
}

const fieldsOf = ({ streams }: Discovered, name: string) =>
  Object.keys(streams.find(({ stream }) => stream === name)?.schema.properties ?? {});

describe('a pattern that selects all', () => {
  it('reads every stream that discovery shows, with three rights, and no sensitive value', async () => {
    await open();
    const { path, discovered } = await everything();
    const ran = await start('tap-ukg-pro', ['--config', house.config, '--catalog', path]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout + ran.stderr).not.toContain(mark);
    for (const { stream } of discovered.streams) expect(ran.stdout).toContain(`"stream":"${stream}"`);
    expect(discovered.streams.length).toBeGreaterThan(20);
  });

  it('reads no more through Airbyte', async () => {
    await open();
    const own = (JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>)['tap-ukg-pro'];
    const config = join(house.folder, 'source.json');
    writeFileSync(config, JSON.stringify(own), { mode: 0o600 });
    const found = await start('source-ukg-pro', ['discover', '--config', config]);
    const message = found.stdout.split('\n').find((line) => line.includes('"CATALOG"')) ?? '{}';
    const { streams } = (JSON.parse(message) as { catalog: { streams: object[] } }).catalog;
    const catalog = join(house.folder, 'catalog.json');
    const configured = streams.map((stream) => ({
      stream,
      sync_mode: 'full_refresh',
      destination_sync_mode: 'append',
    }));
    writeFileSync(catalog, JSON.stringify({ streams: configured }));
    const ran = await start('source-ukg-pro', ['read', '--config', config, '--catalog', catalog]);
    expect(ran.code, ran.stdout.slice(-2000)).toBe(0);
    expect(ran.stdout).toContain('"RECORD"');
    expect(ran.stdout + ran.stderr).not.toContain(mark);
  });

  it('has what include_fields and the settings name, and then reads it', async () => {
    await open({ include_fields: ['employees.ssn', 'compensation_details.*'], deduction_codes: ['MED'] });
    const { path, discovered } = await everything();
    expect(fieldsOf(discovered, 'employees')).toContain('ssn');
    expect(fieldsOf(discovered, 'employees')).not.toContain('dateOfBirth');
    expect(fieldsOf(discovered, 'compensation_details')).toContain('annualSalary');
    expect(fieldsOf(discovered, 'emp_deductions')).not.toEqual([]);
    expect(fieldsOf(discovered, 'pay_statements')).toEqual([]);
    const ran = await start('tap-ukg-pro', ['--config', house.config, '--catalog', path]);
    expect(ran.stdout).toContain(`${mark}ssn1`);
    // The right to pay is not among the three.
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('Employee Compensation Details');
  });

  it('still follows a catalog that names more than discovery shows', async () => {
    await open();
    const { path, discovered } = await everything();
    const employees = discovered.streams.find(({ stream }) => stream === 'employees');
    employees?.metadata.push({ breadcrumb: ['properties', 'ssn'], metadata: { selected: true } });
    writeFileSync(path, JSON.stringify({ streams: [employees] }));
    const ran = await start('tap-ukg-pro', ['--config', house.config, '--catalog', path]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(`${mark}ssn1`);
  });

  it('declares all fields of a web service that UKG does not describe', async () => {
    house = await openHouse({ ukg: { people: 30, seed: 9, clean: true } });
    house.configure({ include_fields: ['general_ledger.*'] });
    const { path, discovered } = await everything();
    const streams = discovered.streams.filter(({ stream }) => stream === 'general_ledger');
    writeFileSync(path, JSON.stringify({ streams }));
    const ran = await start('tap-ukg-pro', ['--config', house.config, '--catalog', path]);
    expect(ran.code, ran.stderr).toBe(0);
    const messages = ran.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { type: string; schema?: { properties: object }; record?: object });
    expect(messages[0]?.type).toBe('SCHEMA');
    const rows = messages.filter(({ type }) => type === 'RECORD');
    expect(rows.length).toBeGreaterThan(0);
    for (const { record } of rows)
      expect(Object.keys(messages[0]?.schema?.properties ?? {})).toEqual(
        expect.arrayContaining(Object.keys(record ?? {})),
      );
    expect(messages.filter(({ type }) => type === 'SCHEMA')).toHaveLength(1);
  });
});
