/** Query parameters as conditions on rows: equality, `[A,B]` lists and the MM-DD-YYYY operators. */
import { toWall } from '../company/dates.ts';
import type { Endpoint } from './endpoints.ts';
import type { Context, Field, Getter, Value } from './fields/row.ts';
import { SHARED_VALUES } from './fields/values.ts';

export type Condition = (context: Context) => boolean;
/** A request that the server refuses, with the words of its 400. */
export class BadRequest extends Error {}

/**
 * UNVERIFIED: what `>` means for a filter that only has days is not documented. `inclusive`: that day and later; `instant`:
 * later than its first moment; `exclusive`: later days only.
 */
export type Greater = 'inclusive' | 'instant' | 'exclusive';

// Parameters whose key in the row has another name.
const ALIASES: Readonly<Record<string, string>> = {
  dateoftermination: 'terminationdate',
  dateofretirement: 'retirementdate',
  paygroup: 'paygroupcode',
  dedcode: 'deductioncode',
  benstatus: 'benefitstatus',
  enddatetime: 'benefitstopdate',
  level: 'level',
};
// Parameters that bound another key.
const BOUNDS: Readonly<Record<string, { key: string; from: boolean }>> = {
  startpercontrol: { key: 'periodcontrol', from: true },
  endpercontrol: { key: 'periodcontrol', from: false },
  startdatetime: { key: 'auddatetime', from: true },
};

const usDay = (text: string): string => {
  const match = /^(\d\d)-(\d\d)-(\d{4})$/.exec(text);
  const iso = match ? `${match[3]}-${match[1]}-${match[2]}` : '';
  if (!match || Number.isNaN(Date.parse(`${iso}T00:00:00Z`)))
    throw new BadRequest(`The value '${text}' is not a date of the form MM-DD-YYYY.`);
  return iso;
};

/** A date parameter with an operator inside its value. Rows without the date never match. */
function dateCondition(get: Getter, value: string, greater: Greater): Condition {
  const of =
    (test: (wall: string) => boolean): Condition =>
    (context) => {
      const wall = get(context);
      return typeof wall === 'string' && wall !== '' && test(wall);
    };
  if (value.startsWith('>')) {
    const day = usDay(value.slice(1));
    if (greater === 'inclusive') return of((wall) => wall.slice(0, 10) >= day);
    if (greater === 'exclusive') return of((wall) => wall.slice(0, 10) > day);
    return of((wall) => wall > `${day}T00:00:00`);
  }
  if (value.startsWith('<')) {
    const day = usDay(value.slice(1));
    return of((wall) => (greater === 'inclusive' ? wall.slice(0, 10) <= day : wall < `${day}T00:00:00`));
  }
  if (value.startsWith('{') && value.endsWith('}')) {
    const [from, to] = value.slice(1, -1).split(',').map(usDay);
    if (from === undefined || to === undefined)
      throw new BadRequest(`The value '${value}' is not a range of two dates.`);
    return of((wall) => wall.slice(0, 10) >= from && wall.slice(0, 10) <= to);
  }
  const day = usDay(value);
  return of((wall) => wall.slice(0, 10) === day);
}

const plainDay = (value: string): string => {
  if (/^[<>{]/.test(value)) throw new BadRequest(`The value '${value}' is not valid for a date-time.`);
  const iso = /^\d{4}-\d\d-\d\d/.test(value) ? value.slice(0, 10) : usDay(value);
  if (Number.isNaN(Date.parse(`${iso}T00:00:00Z`)))
    throw new BadRequest(`The value '${value}' is not valid for a date-time.`);
  return iso;
};

function equals(have: Value | undefined, want: string): boolean {
  if (typeof have === 'boolean') return want.toLowerCase() === `${have}` || want.toUpperCase() === (have ? 'Y' : 'N');
  if (have === null || have === undefined) return false;
  const text = `${have as string | number}`.trim();
  return want.endsWith('*') ? text.toLowerCase().startsWith(want.slice(0, -1).toLowerCase()) : text === want;
}

/** All conditions of a request on an endpoint. Unknown parameters are ignored, as .NET services do. */
export function conditionOf(
  endpoint: Endpoint,
  fields: readonly Field[],
  parameters: ReadonlyMap<string, string>,
  options: { greater: Greater },
): Condition | undefined {
  const conditions: Condition[] = [];
  const field = (lower: string): Field | undefined => fields.find((item) => item.key.toLowerCase() === lower);
  const declared = new Map(endpoint.params.split(' ').map((name) => [name.replace(/^[!~]/, '').toLowerCase(), name]));
  for (const name of declared.values()) {
    if (name.startsWith('!') && !parameters.get(name.slice(1).toLowerCase()))
      throw new BadRequest(`The ${name.slice(1)} field is required.`);
  }
  for (const [lower, value] of parameters) {
    const bound = BOUNDS[lower];
    if (bound && declared.has(lower)) {
      const get = field(bound.key)?.get;
      if (get)
        conditions.push((context) =>
          ((have) => (bound.from ? have >= value : have <= value))(`${get(context) as string}`),
        );
      continue;
    }
    const target = field(lower) ?? field(ALIASES[lower] ?? '');
    const get = target?.get ?? SHARED_VALUES.get(lower);
    if (!get || value === '') continue;
    if (declared.get(lower)?.startsWith('~')) {
      conditions.push(dateCondition(get, value, options.greater));
    } else if (target?.type === 'dt') {
      const day = plainDay(value);
      conditions.push((context) => `${get(context) as string}`.slice(0, 10) === day);
    } else {
      const list = /^\[.*\]$/s.test(value) ? value.slice(1, -1).split(',') : [value];
      const wanted = list.map((item) => item.trim());
      conditions.push((context) => wanted.some((want) => equals(get(context), want)));
    }
  }
  const [first] = conditions;
  if (!first) return undefined;
  return conditions.length === 1 ? first : (context) => conditions.every((condition) => condition(context));
}

/**
 * employee-changes: rows changed in [startDate, endDate], ISO instants. UNVERIFIED: without dates the service seems to answer
 * everyone; changes younger than `lagHours` may not show yet.
 */
export function changedWithin(
  parameters: ReadonlyMap<string, string>,
  zone: string,
  now: number,
  lagHours: number,
): Condition | undefined {
  const instant = (name: string): number | undefined => {
    const value = parameters.get(name);
    if (!value) return undefined;
    const at = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(at))
      throw new BadRequest(`The value '${value}' is not valid for ${name === 'startdate' ? 'startDate' : 'endDate'}.`);
    return at;
  };
  const [start, end] = [instant('startdate'), instant('enddate')];
  const latest = lagHours > 0 ? now - lagHours * 3_600_000 : undefined;
  if (start === undefined && end === undefined && latest === undefined) return undefined;
  const from = start === undefined ? '' : toWall(start, zone);
  const to = Math.min(end ?? Number.POSITIVE_INFINITY, latest ?? Number.POSITIVE_INFINITY);
  const until = Number.isFinite(to) ? toWall(to, zone) : '9999';
  return ({ person, job }) => {
    const changed = [person.changed ?? person.created, job.changed ?? job.created, job.created].sort()[2] ?? '';
    return changed >= from && changed <= until;
  };
}
