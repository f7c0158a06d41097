import { describe, expect, it } from 'vitest';
import { DELETION_MARKS, deletedRow, singerLines } from './other-taps.ts';

const row = { id: '7', name: 'Ada' };
const how = { key: 'id', instant: '2026-01-15T00:00:00Z' };

describe('other taps', () => {
  it('mark a deleted row in the column of its source, the rest as it was or only the key', () => {
    for (const mark of DELETION_MARKS) {
      expect(deletedRow(row, mark, how)).toEqual({ ...row, [mark.column]: mark.value(how.instant) });
      expect(deletedRow(row, mark, { ...how, keyOnly: true })).toEqual({
        id: '7',
        [mark.column]: mark.value(how.instant),
      });
      expect(mark.value(how.instant)).not.toEqual(mark.alive);
    }
    expect(DELETION_MARKS.map((mark) => mark.column)).toEqual([
      '_sdc_deleted_at',
      '_sdc_lsn_deleted_at',
      '_ab_cdc_deleted_at',
      '_fivetran_deleted',
      '__deleted',
      '_hevo__marked_deleted',
    ]);
  });
  it('write one activation after the rows, or announce it before them', () => {
    const types = (activate: 'last' | 'first' | 'both' | 'never') =>
      singerLines({ stream: 'people', key: 'id', rows: [row], version: 3, activate, state: {} }).map(
        (line) => (JSON.parse(line) as { type: string }).type,
      );
    expect(types('last')).toEqual(['SCHEMA', 'RECORD', 'ACTIVATE_VERSION', 'STATE']);
    expect(types('first')).toEqual(['SCHEMA', 'ACTIVATE_VERSION', 'RECORD', 'STATE']);
    expect(types('never')).toEqual(['SCHEMA', 'RECORD', 'STATE']);
    expect(types('both')).toEqual(['SCHEMA', 'ACTIVATE_VERSION', 'RECORD', 'ACTIVATE_VERSION', 'STATE']);
  });
  it('name every column that a row has, and the key though no row has it', () => {
    const [schema = '{}', record = '{}'] = singerLines({ stream: 'people', key: 'id', rows: [{ name: 'Ada' }] });
    expect(Object.keys((JSON.parse(schema) as { schema: { properties: object } }).schema.properties)).toEqual([
      'id',
      'name',
    ]);
    expect(JSON.parse(record)).toEqual({ type: 'RECORD', stream: 'people', record: { name: 'Ada' } });
  });
});
