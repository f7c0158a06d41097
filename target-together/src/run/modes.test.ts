import { describe, expect, it } from 'vitest';
import { type Asked, type ModeName, modeFor, modes, protocols } from './modes.ts';

const kept = { keeps: true, known: 5 };
const first = { keeps: true, known: 0 };
const nothing = { keeps: false, known: 0 };

describe('modes', () => {
  it.each<[ModeName, Asked, typeof kept, object]>([
    ['run', {}, kept, { name: 'run', writes: true, keepsRecords: true, hashes: true, listsRemote: false }],
    ['run', {}, first, { keepsRecords: true, hashes: true, listsRemote: true }],
    ['run', {}, nothing, { keepsRecords: false, hashes: false, listsRemote: false }],
    ['run', { input: true }, nothing, { keepsRecords: true }],
    ['dry-run', {}, kept, { name: 'dry-run', writes: false, keepsRecords: false, hashes: true, listsRemote: false }],
    ['dry-run', {}, first, { listsRemote: true }],
    ['dry-run', { input: true }, kept, { keepsRecords: true }],
    ['dry-run', {}, nothing, { hashes: true }],
    ['plan', {}, first, { name: 'plan', writes: false, keepsRecords: false, hashes: true, listsRemote: true }],
    ['plan', {}, kept, { listsRemote: false }],
    ['plan', {}, nothing, { listsRemote: false }],
    ['plan', { planFile: true }, kept, { keepsRecords: true }],
    ['plan', { compareRemote: true }, kept, { listsRemote: true }],
    ['plan', { changesExitCode: true }, kept, { changesExitCode: true }],
    ['apply', {}, first, { name: 'apply', writes: true, keepsRecords: true, hashes: true, listsRemote: false }],
    ['apply', {}, nothing, { keepsRecords: false, hashes: true }],
    ['explain', {}, first, { name: 'dry-run', writes: false, keepsRecords: true, hashes: true, listsRemote: false }],
  ])('%s with %o on %o', (name, asked, state, expected) => {
    expect(modeFor(name, asked, state)).toMatchObject({ changesExitCode: false, ...expected });
  });

  it('explain, show and the settings of now beside the next ones keep the summary to themselves', () => {
    const quiet = Object.entries(modes).filter(([, { printsSummary }]) => !printsSummary);
    expect(quiet.map(([name]) => name)).toEqual(['show', 'against', 'explain']);
  });
});

describe('protocols', () => {
  const at = '2026-03-31T04:00:12.000Z';
  it.each([
    [
      'singer',
      { type: 'RECORD', stream: 'employees', record: { id: 1 }, time_extracted: at },
      { everyCheckpoint: false, endsWithCheckpoint: false },
    ],
    [
      'airbyte',
      { type: 'RECORD', record: { stream: 'employees', data: { id: 1 }, emitted_at: Date.parse(at) } },
      { everyCheckpoint: true, endsWithCheckpoint: true },
    ],
  ] as const)('%s reads its own messages again', (name, message, expected) => {
    const protocol = protocols[name];
    expect(protocol).toMatchObject(expected);
    expect(protocol.readRecord(JSON.stringify(message))).toEqual({
      stream: 'employees',
      record: { id: 1 },
      timeExtracted: at,
    });
  });

  it('read messages without a time', () => {
    expect(protocols.singer.readRecord('{"stream":"a","record":{}}').timeExtracted).toBeUndefined();
    expect(protocols.airbyte.readRecord('{"record":{"stream":"a","data":{}}}').timeExtracted).toBeUndefined();
  });
});
