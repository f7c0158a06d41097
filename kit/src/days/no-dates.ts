/** Days that stand for "none": HR systems fill an empty date with the first or last day that their database can hold. */

interface NoDate {
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
  readonly reason: string;
}

/** Days that stand for "none" in HRIS systems and exports. */
export const noDates: readonly NoDate[] = [
  { from: '0000-00-00', to: '0000-00-00', reason: "BambooHR's and MySQL's empty date" },
  { from: '0001-01-01', to: '0001-12-31', reason: 'the zero of .NET, Go and Oracle' },
  { from: '1753-01-01', to: '1753-01-01', reason: "the first day of SQL Server's datetime" },
  { from: '1899-12-30', to: '1899-12-31', reason: 'day 0 of Excel, Access and Delphi' },
  {
    from: '1900-01-01',
    to: '1900-01-01',
    reason: 'an empty text as a date in SQL Server, and the default of many forms',
  },
  { from: '1901-01-01', to: '1901-01-01', reason: 'the first day of PeopleSoft, and what forms put in to pass' },
  { from: '2099-12-31', to: '9999-12-31', reason: 'no end is known: open ends of SAP, Workday, UKG and databases' },
];

/** Whether ISO text is a day that stands for none: one of the table's, or of `instead`. */
export function isNoDate(iso: string, instead?: readonly string[]): boolean {
  const day = iso.slice(0, 10);
  if (instead) return instead.includes(day);
  // Nearly every day lies between.
  if (day > '1901-01-01' && day < '2099-12-31') return false;
  return noDates.some(({ from, to }) => day >= from && day <= to && startsLikeDay.test(iso));
}

const startsLikeDay = /^\d{4}-\d{2}-\d{2}/;
