/** Who is left out of `employees`, and by which filter. Leavers always pass: the next reader must learn that they left. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import type { UkgRecord } from '../records/record.ts';
import type { Filter } from '../settings/settings.ts';
import { employeeFieldNames } from '../streams/employees.ts';

const customLabel = 'userDefinedFields.';

/** The fields that filters look at; each must exist. Throws ConnectorError 'settings'. */
export function filterFields(filters: readonly Filter[]): string[] {
  return filters.map(({ field }, index) => {
    const name = field.startsWith(customLabel) ? 'userDefinedFields' : field;
    if (!employeeFieldNames.includes(name)) {
      throw new ConnectorError(
        'settings',
        said`filters[${index}].field names a field that employees does not have${didYouMean(field, employeeFieldNames)}.`,
      );
    }
    return name;
  });
}

/** Compiles the filters: gives the name of the first one that leaves a record out, or undefined. */
export function compileFilters(
  filters: readonly Filter[],
): (record: UkgRecord, statusCode: string | null) => string | undefined {
  const rules = filters.map(({ name, field, in: keep, not_in: leaveOut }) => ({
    name: name ?? field,
    read: (record: UkgRecord): unknown =>
      field.startsWith(customLabel)
        ? (record['userDefinedFields'] as UkgRecord | null)?.[field.slice(customLabel.length)]
        : record[field],
    values: new Set((keep ?? leaveOut ?? []).map(canonical)),
    keeps: keep !== undefined,
  }));
  return (record, statusCode) => {
    if (statusCode === 'T' || statusCode === 'R') return undefined;
    return rules.find(({ read, values, keeps }) => values.has(canonical(read(record))) !== keeps)?.name;
  };
}

/** Codes are compared without case and padding; a missing value equals "". */
function canonical(value: unknown): string {
  if (value === null || value === undefined) return '';
  return (typeof value === 'string' ? value : JSON.stringify(value)).trim().toUpperCase();
}
