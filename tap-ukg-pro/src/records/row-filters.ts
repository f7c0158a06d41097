import type { UkgStream } from '../streams/define.ts';
import type { Row } from '../ukg/row.ts';
import { fieldReader } from './record.ts';

/** One object instead of a list is a row when it carries the whole key, so that nothing else passes for one. */
export function rowTest(stream: UkgStream, extra: Readonly<Record<string, string>> = {}): (row: Row) => boolean {
  const readers = stream.fields.filter(({ name }) => stream.key.includes(name) && !(name in extra)).map(fieldReader);
  const isFilled = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  return (row) => readers.length > 0 && readers.every((reader) => isFilled(reader(row)));
}

/** What states the company of a row. */
export const companyFields = ['companyId', 'companyCode'];

/** Undefined when rows of this stream say nothing of a company, or when all companies are wanted. */
export function companyFilter(stream: UkgStream, companies: readonly string[] | undefined) {
  if (companies === undefined || companies.length === 0) return undefined;
  const readers = stream.fields.filter(({ name }) => companyFields.includes(name)).map(fieldReader);
  if (readers.length === 0) return undefined;
  const wanted = new Set(companies.map((company) => company.trim().toUpperCase()));
  return (row: Row): boolean =>
    readers.some((reader) => {
      const value = reader(row);
      return typeof value === 'string' && wanted.has(value.trim().toUpperCase());
    });
}
