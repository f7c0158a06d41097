import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { describe, expect, it } from 'vitest';
import { person } from '../testing/people.ts';
import { all, everybody, row, schema, state } from '../testing/run.ts';
import { keptLog, readEvents, type StepOptions } from '../testing/steps.ts';

const two = [person('a'), person('b')];
const other: ConnectorEvent = { ...schema('other'), stream: 'other' } as ConnectorEvent;
const otherRow: ConnectorEvent = { type: 'record', stream: 'other', record: { id: 1 } };

describe('collect', () => {
  it.each<[string, readonly ConnectorEvent[], StepOptions, object]>([
    ['a complete read', everybody(two), {}, { complete: true, cut_off: false }],
    [
      'a read that the setting calls complete',
      [schema(), ...two.map((one) => row(one)), state(1)],
      { settings: { complete_reads: 'always' } },
      { complete: true, cut_off: false },
    ],
    [
      'one that failed: the setting proves nothing',
      [schema(), ...two.map((one) => row(one)), state(1)],
      { settings: { complete_reads: 'always' }, whole: false },
      { complete: false },
    ],
    [
      'rows after the last checkpoint',
      [schema(), row(person('a')), state(1), row(person('b'))],
      {},
      { complete: false, cut_off: true },
    ],
    ['Singer rows without any checkpoint', [schema(), ...two.map((one) => row(one))], {}, { cut_off: false }],
    [
      'Airbyte rows without any checkpoint',
      [schema(), ...two.map((one) => row(one))],
      { protocol: 'airbyte' },
      { cut_off: true },
    ],
  ])('%s', async (_, events, options, source) => {
    const { read } = await readEvents(events, options);
    expect(read.source).toMatchObject(source);
    expect(read.people.count).toBe(2);
    expect(read.facts).toMatchObject({ peopleRead: 2, complete: read.collected.complete, whole: read.collected.whole });
    expect(read.schemas.map(({ stream }) => stream)).toEqual(['employees']);
  });

  it.each<[string, readonly ConnectorEvent[], StepOptions, RegExp | undefined]>([
    ['a cut off input', [schema(), row(person('a')), state(1), row(person('b'))], {}, /ends without a STATE/],
    ['an announcement alone', [other], {}, undefined],
    ['a failure, which is told by itself', [other, otherRow], { whole: false }, undefined],
    ['a complete read', everybody(two), {}, undefined],
  ])('warns of %s, or of nothing', async (_, events, options, warning) => {
    const { log, lines } = keptLog();
    await readEvents(events, { ...options, log });
    const warnings = lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual(warning ? [expect.stringMatching(warning)] : []);
  });

  it.each<[StepOptions, boolean, boolean]>([
    [{}, true, true],
    [{ mode: 'dry-run' }, false, true],
    [{ mode: 'explain' }, true, true],
    [{ mode: 'plan', asked: { planFile: true } }, true, true],
  ])('keeps records and hashes as the mode %o says', async (options, raw, hashed) => {
    const { read } = await readEvents(everybody(two), options);
    expect({ raw: read.people.raw(0) !== '', hashed: read.people.hash(0).some((byte) => byte !== 0) }).toEqual({
      raw,
      hashed,
    });
  });

  it('gives every checkpoint back to Airbyte, and a later one for those before it to Singer', async () => {
    const events = [schema(), ...[1, 2, 3, 4, 5].map((n) => state(n, 'employees')), row(person('a')), all(1)];
    const released = async (options: StepOptions) =>
      (await readEvents(events, options)).read.checkpoints.release().map(({ event }) => event.value);
    expect(await released({ protocol: 'airbyte' })).toEqual([1, 2, 3, 4, 5]);
    expect(await released({})).toEqual([1, 3, 5]);
  });
});
