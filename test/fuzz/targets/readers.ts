/** The readers of messages: Singer's and Airbyte's, and the target's core behind them. */
import { readConfiguredCatalog } from '@ukg-together/protocol/airbyte/catalog';
import { decodeAirbyte } from '@ukg-together/protocol/airbyte/decode';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { decodeSinger } from '@ukg-together/protocol/singer/decode';
import { world } from '../../../target-together/src/testing/run.ts';
import { hostile } from '../inputs.ts';
import { canary, judge, pieces, quiet, type Target, Violation } from '../target.ts';

const properties = {
  employeeId: { type: 'string' },
  firstName: { type: ['string', 'null'] },
  email: { type: ['string', 'null'], pattern: '^(a+)+$' },
  supervisorId: { type: ['string', 'null'] },
  orgLevels: { type: 'array', items: { type: 'object', properties: { code: { type: 'string' } } } },
};
const person = (id: number, more: object = {}) => ({
  employeeId: `E${id}`,
  firstName: `${canary}Ada`,
  lastName: `${canary}Lovelace`,
  email: `${canary}${id}@example.com`,
  employeeStatusCode: id % 5 === 0 ? 'T' : 'A',
  orgLevels: [{ code: 'D1' }],
  ...more,
});
const lines = (...messages: object[]) => `${messages.map((message) => JSON.stringify(message)).join('\n')}\n`;

const singer = [
  lines(
    { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
    { type: 'RECORD', stream: 'employees', record: person(1), time_extracted: '2026-01-01T00:00:00Z', version: 7 },
    { type: 'RECORD', stream: 'employees', record: person(2, { supervisorId: 'E1' }), version: 7 },
    { type: 'STATE', value: { bookmarks: { employees: { replication_key_value: '2026-01-01' } } } },
    { type: 'RECORD', stream: 'employees', record: person(5, { hrisFields: { a: 1 } }), version: 7 },
    { type: 'ACTIVATE_VERSION', stream: 'employees', version: 7 },
    { type: 'STATE', value: { bookmarks: {} } },
  ),
  lines(
    { type: 'SCHEMA', stream: 'people', schema: { properties: {} }, key_properties: [] },
    { type: 'RECORD', stream: 'people', record: { id: 1 } },
    { type: 'BATCH', stream: 'people', manifest: [] },
    { type: 'LOG', message: 'x' },
  ),
];
const catalog = {
  streams: [
    {
      stream: { name: 'employees', json_schema: { properties }, supported_sync_modes: ['full_refresh', 'incremental'] },
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
      primary_key: [['employeeId']],
    },
  ],
};
const status = (value: string) => ({
  type: 'TRACE',
  trace: {
    type: 'STREAM_STATUS',
    emitted_at: 1,
    stream_status: { stream_descriptor: { name: 'employees' }, status: value },
  },
});
const airbyte = lines(
  status('STARTED'),
  { type: 'RECORD', record: { stream: 'employees', data: person(1), emitted_at: 1_700_000_000_000 } },
  { type: 'RECORD', record: { stream: 'employees', data: { EMPLOYEEID: '2', _airbyte_raw_id: 'r' }, emitted_at: 1 } },
  { type: 'RECORD', record: { stream: 'others', data: {}, emitted_at: 1 } },
  {
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name: 'employees' }, stream_state: { a: 1 } }, id: 4 },
  },
  { type: 'STATE', state: { type: 'GLOBAL', global: { shared_state: {}, stream_states: [] } } },
  status('COMPLETE'),
);
const streams = readConfiguredCatalog(catalog);

/** Prototypes must be as they were, whatever was read. */
function unpolluted(): void {
  if (Reflect.has({}, 'polluted')) throw new Violation('a prototype was polluted');
}

const take = (events: ConnectorEvent[]) => (event: ConnectorEvent) => {
  if (event.type === 'record' && Object.hasOwn(event.record, '__proto__'))
    throw new Violation('a record has an own __proto__');
  if (events.length < 1000) events.push(event);
};

export const targets: readonly Target[] = [
  {
    name: 'singer',
    input: hostile(singer),
    async run(bytes) {
      await judge(['input'], (said) => decodeSinger(pieces(bytes), take([]), { warn: (text) => said.push(text) }));
      unpolluted();
    },
  },
  {
    name: 'airbyte',
    input: hostile([airbyte]),
    async run(bytes) {
      await judge(['input'], (said) =>
        decodeAirbyte(pieces(bytes), take([]), {
          streams,
          names: () => ['employeeId', 'firstName'],
          warn: (text) => said.push(text),
        }),
      );
      unpolluted();
    },
  },
  {
    name: 'target',
    input: hostile(singer),
    async run(bytes) {
      const events: ConnectorEvent[] = [];
      await judge(['input'], () => decodeSinger(pieces(bytes), take(events)));
      // As the mapping makes them: fields of other types than text never get that far.
      const mapped = events.filter(
        (event) => event.type !== 'record' || Object.values(event.record).every((value) => typeof value === 'string'),
      );
      const failed = await judge(['input', 'settings', 'guard'], async () => {
        const result = await world().day({ events: mapped, mode: 'run' });
        if (result.error) throw result.error;
        const sum = Object.values(result.summary.outcomes).reduce((total, count) => total + count, 0);
        if (sum !== result.summary.people_read) throw new Violation(`${sum} outcomes of ${result.summary.people_read}`);
        quiet([JSON.stringify(result.summary)]);
      });
      if (failed !== undefined) quiet([failed.message]);
    },
  },
];
