/** Rows that a source keeps, or sends once more, to say that they are deleted there. */

/** Stands where the filter of an excluded person stands, for a person Together never had. */
export const deletedAtSource = 'deleted in the source';

export type IsDeleted = (record: Readonly<Record<string, unknown>>) => boolean;

/** `columns`: a time or a true value in any of them marks the row; null: none does. */
export function deletedWhen(columns: readonly string[] | null): IsDeleted | undefined {
  if (columns === null || columns.length === 0) return undefined;
  return (record) => {
    for (const column of columns) {
      const value = record[column];
      if (value !== undefined && isMark(value)) return true;
    }
    return false;
  };
}

const noMarks = new Set(['', 'false', '0', 'no', 'n', 'f', 'null']);

const isMark = (value: unknown): boolean =>
  value !== null &&
  value !== false &&
  value !== 0 &&
  !(typeof value === 'string' && noMarks.has(value.trim().toLowerCase()));
