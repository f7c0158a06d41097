/**
 * Days that stand for "none". HR systems fill an empty date with the first or last day that their database can hold, and
 * such days come through exports unchanged. The tap passes them on as UKG wrote them; where it decides by a day itself, they count as empty.
 */
const placeholders = new Set(['1753-01-01', '1899-12-30', '1899-12-31', '1900-01-01', '1901-01-01']);
const firstPlaceholder = '2099-12-31';

/** The day, or null where it is absent or a placeholder. Days as YYYY-MM-DD. */
export function realDay(day: unknown): string | null {
  if (typeof day !== 'string' || day === '') return null;
  if (day < '0002' || day >= firstPlaceholder || placeholders.has(day)) return null;
  return day;
}

const dayMs = 86_400_000;

/** `days` after a day; both as YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}
