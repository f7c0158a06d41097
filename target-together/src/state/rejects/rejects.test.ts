import { describe, expect, it } from 'vitest';
import { memoryStore } from '../store/memory-store.ts';
import { listRejects, openRejects } from './rejects.ts';
import type { Reject } from './rejects-file.ts';

const schemaOf = (stream: string) =>
  JSON.stringify({ type: 'SCHEMA', stream, schema: { properties: {} }, key_properties: ['employeeId'] });
const reject = (id: string, more: Partial<Reject> = {}): Reject => ({
  stream: 'employees',
  record: `{"employeeId":"${id}","name":"é\\u2028"}`,
  id,
  row: `row of ${id}`,
  ...more,
});
const none = () => false;

function setUp() {
  const files = new Map<string, Buffer>();
  const store = memoryStore(files);
  let now = Date.UTC(2026, 0, 1);
  const open = (days = 1) => {
    now += days * 86_400_000;
    return openRejects({ store, schemaOf, now: () => now, retentionDays: 90 });
  };
  const text = () => files.get('rejects.singer')?.toString('utf8');
  const records = () =>
    (text() ?? '')
      .split('\n')
      .filter((line) => line.includes('"RECORD"'))
      .map((line) => JSON.parse(line) as { record: { employeeId: string }; reject: { since: string } });
  const ids = () => records().map((line) => line.record.employeeId);
  return { files, store, open, text, records, ids };
}

describe('rejects', () => {
  it('are SCHEMA and RECORD lines with the records as they came', async () => {
    const { open, text } = setUp();
    const rejects = await open();
    await rejects.keep([reject('E1', { timeExtracted: '2026-01-01T00:00:00Z' }), reject('E2')]);
    await rejects.keep([reject('E3')]);
    expect(await rejects.finish(none)).toBe(3);
    const lines = (text() as string).split('\n');
    expect(lines[0]).toBe(schemaOf('employees'));
    expect(lines[1]).toContain(
      '"record":{"employeeId":"E1","name":"é\\u2028"},"time_extracted":"2026-01-01T00:00:00Z"',
    );
    expect(lines.map((line) => line && (JSON.parse(line) as { type: string }).type)).toEqual([
      'SCHEMA',
      'RECORD',
      'RECORD',
      'RECORD',
      '',
    ]);
  });

  it('leave no file when nobody is left', async () => {
    const { open, files } = setUp();
    const first = await open();
    await first.keep([reject('E1')]);
    await first.finish(none);
    const second = await open();
    await second.keep([]);
    expect(await second.finish(none)).toBe(0);
    expect([...files.keys()]).toEqual([]);
    expect(await (await open()).finish(none)).toBe(0);
  });

  it('stay open through runs that do not read them, and remember since when', async () => {
    const { open, ids, records } = setUp();
    const first = await open();
    await first.keep([reject('E1'), reject('E2'), reject('E3')]);
    await first.finish(none);
    const second = await open();
    await second.keep([reject('E3'), reject('E4', { stream: 'contractors' })]);
    expect(await second.finish(({ id }) => id !== 'E2')).toBe(3);
    expect(ids()).toEqual(['E1', 'E3', 'E4']);
    expect(records().map((line) => line.reject.since.slice(0, 10))).toEqual(['2026-01-02', '2026-01-02', '2026-01-03']);
  });

  it('survive a run that was killed, wherever it was cut off', async () => {
    const { open, files, ids, store } = setUp();
    const first = await open();
    await first.keep([reject('E1')]);
    await first.finish(none);
    const killed = await open();
    await killed.keep([reject('E2')]);
    const whole = files.get('rejects.next.singer') as Buffer;
    await killed.keep([reject('E3')]);
    const longer = files.get('rejects.next.singer') as Buffer;
    files.set('rejects.next.singer', longer.subarray(0, whole.length + 20));
    const listed: string[] = [];
    for await (const one of listRejects(store)) listed.push(one.id);
    expect(listed).toEqual(['E1', 'E2']);
    const next = await open();
    await next.keep([reject('E4')]);
    expect(await next.finish(() => true)).toBe(3);
    expect(ids()).toEqual(['E1', 'E2', 'E4']);
    expect([...files.keys()]).toEqual(['rejects.singer']);
  });

  it('go when no run has met the record for as long as the setting allows, and keep since when', async () => {
    const { open, ids, records } = setUp();
    const first = await open();
    await first.keep([reject('E1'), reject('E2')]);
    await first.finish(none);
    const second = await open(60);
    await second.keep([reject('E2')]);
    expect(await second.finish(() => true)).toBe(2);
    expect(await (await open(31)).finish(() => true)).toBe(1);
    expect([ids(), records().map((line) => line.reject.since.slice(0, 10))]).toEqual([['E2'], ['2026-01-02']]);
    expect(await (await open(60)).finish(() => true)).toBe(0);
  });

  it('have one entry a row, the newest, whatever runs were interrupted', async () => {
    const { open, ids, text, records } = setUp();
    const first = await open();
    await first.keep([reject('E1', { row: 'a' }), reject('E1', { row: 'b' })]);
    await first.finish(none);
    expect(ids()).toEqual(['E1', 'E1']);
    for (let night = 0; night < 3; night++) {
      await (await open()).keep([reject('E1', { row: 'a', record: `{"employeeId":"E1","night":${night}}` })]);
    }
    expect(await (await open()).finish(() => true)).toBe(2);
    expect([records().length, text()?.includes('"night":2'), text()?.includes('"night":1')]).toEqual([2, true, false]);
  });

  it('go through in pieces when they are many and long', async () => {
    const { open, ids } = setUp();
    const many = Array.from({ length: 3000 }, (_, i) =>
      reject(`E${i}`, { record: JSON.stringify({ employeeId: `E${i}`, pad: 'x'.repeat(1000) }) }),
    );
    const rejects = await open();
    await rejects.keep(many);
    expect(await rejects.finish(none)).toBe(3000);
    expect(ids()).toEqual(many.map((one) => one.id));
  });
});
