/** What the tests of Airbyte's rules share: messages, configured catalogs and calls of the two connectors. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type House, openHouse, type Ran, start } from './pipe.ts';

export type Json = Record<string, unknown>;

/** The sandbox of the test that runs now; the test file closes it. */
export let house: House;

export async function openAirbyte(options?: Parameters<typeof openHouse>[0]): Promise<void> {
  house = await openHouse(options);
}

export const file = (name: string, value: unknown): string => {
  const path = join(house.folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 });
  return path;
};
export const half = (name: 'tap-ukg-pro' | 'target-together', changes: object = {}): string => {
  const both = JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>;
  return file(`${name}.json`, { ...both[name], ...changes });
};
export const messagesOf = (ran: Pick<Ran, 'stdout'>): Json[] =>
  ran.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);
export const of = (ran: Pick<Ran, 'stdout'>, type: string, key: string): Json[] =>
  messagesOf(ran).flatMap((message) => (message['type'] === type ? [message[key] as Json] : []));
export const errorsOf = (ran: Pick<Ran, 'stdout'>): Json[] =>
  of(ran, 'TRACE', 'trace').flatMap(({ type, error }) => (type === 'ERROR' ? [error as Json] : []));
export const statusesOf = (ran: Pick<Ran, 'stdout'>): Json[] =>
  of(ran, 'TRACE', 'trace').flatMap((trace) =>
    trace['type'] === 'STREAM_STATUS' ? [trace['stream_status'] as Json] : [],
  );
export const posts = () => house.together.journal.matching().filter(({ method }) => method === 'POST').length;
export const told = (status: Json) =>
  `${(status['stream_descriptor'] as { name: string }).name} ${String(status['status'])}`;

export const schema = {
  type: 'object',
  properties: { employeeId: { type: 'string' }, firstName: {}, lastName: {}, emailAddress: {}, employeeStatusCode: {} },
};
export const configured = (names: string[], entry: Json = {}, stream: Json = {}) => ({
  streams: names.map((name) => ({
    stream: { name, json_schema: { properties: {} }, supported_sync_modes: ['full_refresh'], ...stream },
    sync_mode: 'full_refresh',
    destination_sync_mode: 'append',
    ...entry,
  })),
});
export const read = (catalog: object, more: string[] = [], changes: object = {}) =>
  start('source-ukg-pro', [
    'read',
    '--config',
    half('tap-ukg-pro', changes),
    '--catalog',
    file('read.txt', catalog),
    ...more,
  ]);
export const person = (employeeId: string, more: Json = {}): Json => ({
  type: 'RECORD',
  record: {
    stream: 'employees',
    data: {
      employeeId,
      firstName: 'Zaphod',
      lastName: 'Beeblebrox',
      emailAddress: `${employeeId}@example.com`,
      employeeStatusCode: 'A',
      ...more,
    },
    emitted_at: Date.now(),
  },
});
export const write = (
  messages: (Json | string)[],
  catalog: object = configured(['employees'], {}, { json_schema: schema }),
  changes: object = {},
) =>
  start(
    'destination-together',
    ['write', '--config', half('target-together', changes), '--catalog', file('write.txt', catalog)],
    {
      input: messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join(''),
    },
  );
export const stateOf = (count: number, more: Json = {}): Json => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name: 'employees' }, stream_state: { at: count } },
  sourceStats: { recordCount: count },
  ...more,
});

/** Each group of a connector's form, empty, as a form sends what was not filled in; groups within groups likewise. */
export async function emptyGroups(connector: string): Promise<Json> {
  interface Form {
    readonly type?: string;
    readonly oneOf?: unknown;
    readonly properties?: Record<string, Form>;
  }
  const groups = ({ properties = {} }: Form): Json =>
    Object.fromEntries(
      Object.entries(properties).flatMap(([name, form]) =>
        form.type === 'object' || form.oneOf ? [[name, groups(form)]] : [],
      ),
    );
  const [spec] = of(await start(connector, ['spec']), 'SPEC', 'spec');
  return groups(spec?.['connectionSpecification'] as Form);
}
