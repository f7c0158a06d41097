import { describe, expect, it } from 'vitest';
import { deletionMarks } from '../settings/deletion-marks.ts';
import { deletedWhen } from './deletions.ts';

const rows = [
  { record: { _sdc_deleted_at: '2026-03-01T00:00:00Z' }, deleted: true, reason: 'a Singer CDC tap' },
  { record: { _sdc_lsn_deleted_at: '2026-03-01' }, deleted: true, reason: 'tap-mssql' },
  { record: { _ab_cdc_deleted_at: '2026-03-01' }, deleted: true, reason: 'Airbyte CDC' },
  { record: { _fivetran_deleted: true }, deleted: true, reason: 'Fivetran' },
  { record: { __deleted: 'true' }, deleted: true, reason: 'Debezium writes text' },
  { record: { _hevo__marked_deleted: 1 }, deleted: true, reason: 'Hevo' },
  { record: { _fivetran_deleted: false }, deleted: false, reason: 'a row that lives' },
  { record: { __deleted: 'false' }, deleted: false, reason: 'a row that lives, as text' },
  { record: { _sdc_deleted_at: null }, deleted: false, reason: 'a time that never came' },
  { record: { _sdc_deleted_at: '' }, deleted: false, reason: 'an empty time of a spreadsheet' },
  { record: { deleted: true }, deleted: false, reason: 'a column that no tool names so' },
];

describe('a deletion mark', () => {
  it.each(rows)('$reason', ({ record, deleted }) => {
    expect(deletedWhen(deletionMarks)?.(record)).toBe(deleted);
  });

  it('is what deleted_when names, or nothing', () => {
    expect(deletedWhen(['removed'])?.({ removed: 'yes' })).toBe(true);
    expect(deletedWhen(null)).toBeUndefined();
  });
});
