/** Results for each person inside an answer: finding the list, and finding whose result is whose. Pure. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { Delivery } from '../model/person.ts';
import { complains } from './answer-complaints.ts';

type Item = Readonly<Record<string, unknown>>;

const listKeys = ['results', 'users', 'data', 'multistatus', 'responses', 'items'];
const errorKeys = ['errors', 'failed', 'failures', 'rejected', 'details'];

function own(item: Item, keys: readonly string[]): unknown {
  for (const key of keys) if (Object.hasOwn(item, key)) return item[key];
  return undefined;
}

/**
 * The list of results in an answer: the array itself, the first array under a usual key (also one level below `data`), or
 * an object that maps employeeIds to results. `failures`: keys that list only who failed count too. An object that speaks
 * of one person, when one was sent, is a list of one.
 */
export function findList(value: unknown, sent: readonly Delivery[], failures = false): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const groups = grouped(value);
  if (groups) return groups;
  const keys = failures ? [...listKeys, ...errorKeys] : listKeys;
  for (const key of keys) {
    const part = Object.hasOwn(value, key) ? value[key] : undefined;
    if (Array.isArray(part) && part.some(isObject)) return part;
    if (!isObject(part)) continue;
    const inner = own(part, keys);
    if (Array.isArray(inner)) return inner;
    const entries = Object.entries(part);
    const ids = new Set(sent.map((delivery) => delivery.employeeId));
    if (entries.length > 0 && entries.every(([id]) => ids.has(id))) {
      return entries.map(([employeeId, result]) => ({
        ...(isObject(result) ? result : { error: result }),
        employeeId,
      }));
    }
  }
  if (Array.isArray(value['results'])) return value['results'];
  return typeof idIn(value) === 'string' && (failures || sent.length === 1) ? [value] : undefined;
}

const groupKeys: Readonly<Record<string, number>> = { created: 201, updated: 200, unchanged: 204 };

/** What an answer says of failures alone; undefined where it says nothing of them. */
export function failuresIn(value: unknown): Item | undefined {
  if (!isObject(value)) return undefined;
  const failures = Object.entries(value).filter(([key]) => errorKeys.includes(key));
  return failures.length > 0 ? Object.fromEntries(failures) : undefined;
}

/** `{ created: [ids], updated: [ids], unchanged: [ids], failed: [results] }` as a list of results. */
function grouped(value: Item): Item[] | undefined {
  const results: Item[] = [];
  let groups = 0;
  for (const [key, part] of Object.entries(value)) {
    const status = groupKeys[key] ?? (errorKeys.includes(key) ? 400 : undefined);
    if (status === undefined || !Array.isArray(part)) continue;
    if (status < 300) groups++;
    for (const one of part) {
      const employeeId = isObject(one) ? idIn(one) : text(one);
      const given = isObject(one) ? one : {};
      results.push({ ...given, employeeId, status: status < 300 ? status : (statedStatus(given) ?? status) });
    }
  }
  return groups > 0 ? results : undefined;
}

/**
 * The status of each person sent, in their order; `undefined` for one who is not named (only allowed in a refusal, where
 * `refusal` is the status of the whole). By employeeId where every item has one of those sent, by index where every item
 * has one, else by place when the lengths agree and every item states its own status. Contradictions (an id twice, one not
 * sent, a wrong length) are `unrecognised`. `echo`: items without any status that give back exactly the people sent.
 */
export function alignResults(
  list: readonly unknown[],
  sent: readonly Delivery[],
  refusal?: number,
): (PersonStatus | undefined)[] | 'echo' | 'unrecognised' {
  if (list.length === 0 || !list.every(isObject)) return 'unrecognised';
  const places = placesOf(list, sent);
  if (!places || (list.length !== sent.length && refusal === undefined)) return 'unrecognised';
  const statuses: (PersonStatus | undefined)[] = sent.map(() => undefined);
  let echoes = 0;
  for (const [at, item] of list.entries()) {
    const place = places[at] as number;
    const before = statuses[place];
    // The same person twice: several faults of one person in a refusal, a contradiction anywhere else.
    if (before && refusal === undefined) return 'unrecognised';
    const status = statusOf(item, refusal);
    if (status === undefined) echoes++;
    else if (before) statuses[place] = { status: before.status, part: [before.part, item] };
    else statuses[place] = { status, part: item, ...(isMereYes(item) ? { stated: false } : {}) };
  }
  if (echoes === 0) return statuses;
  return echoes === list.length && refusal === undefined && places.byId ? 'echo' : 'unrecognised';
}

function placesOf(list: readonly Item[], sent: readonly Delivery[]): (number[] & { byId?: boolean }) | undefined {
  const byId = new Map(sent.map((delivery, at) => [delivery.employeeId, at]));
  const ids = list.map(idIn);
  if (ids.every((id) => id !== undefined)) {
    const places = ids.map((id) => byId.get(id as string));
    return places.includes(undefined) ? undefined : Object.assign(places as number[], { byId: true });
  }
  // An `id` may be Together's own; it counts only when all of them are ids that we sent.
  const loose = list.map((item) => byId.get(text(item['id']) ?? ''));
  if (!loose.includes(undefined)) return Object.assign(loose as number[], { byId: true });
  if (ids.some((id) => id !== undefined)) return undefined;
  const indexes = list.map((item) => own(item, ['index', 'position', 'row']));
  if (indexes.every((index) => Number.isInteger(index) && (index as number) >= 0 && (index as number) < sent.length)) {
    return indexes as number[];
  }
  if (indexes.some((index) => index !== undefined)) return undefined;
  // A list of faults may have the right length by chance: only stated statuses make a place mean a person.
  const stated = list.every((item) => statedStatus(item) !== undefined || typeof item['success'] === 'boolean');
  return stated && list.length === sent.length ? list.map((_, at) => at) : undefined;
}

function idIn(item: Item): string | undefined {
  const inner = own(item, ['user', 'body', 'data', 'record']);
  return (
    text(item['employeeId']) ?? text(item['employee_id']) ?? (isObject(inner) ? text(inner['employeeId']) : undefined)
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

const words: Readonly<Record<string, number>> = {
  ok: 200,
  success: 200,
  updated: 200,
  created: 201,
  unchanged: 204,
  not_modified: 204,
  error: 400,
  failed: 400,
  invalid: 400,
  rejected: 400,
  conflict: 409,
  deleted: 410,
  gone: 410,
};

const statusKeys = ['statusCode', 'status', 'httpStatus', 'status_code', 'code', 'outcome', 'result', 'state'];

/** Stands for a status that no one knows. */
const strange = -1;

/** The status that an item states, by number or by word; `refusal` where it lists a failure without one. */
function statusOf(item: Item, refusal?: number): number | undefined {
  const error = own(item, ['error', 'errors']);
  const failed =
    error !== undefined && error !== null && error !== false && !(Array.isArray(error) && error.length === 0);
  const stated = statedStatus(item, refusal);
  // A complaint beside a success contradicts it.
  if (stated !== undefined) return stated < 300 && (failed || complains(item)) ? strange : stated;
  if (item['success'] === true && !failed) return complains(item) ? strange : 200;
  if (item['success'] === false || failed) return refusal ?? 400;
  const complaint = own(item, ['message', 'reason', 'field', 'path', 'code', 'status', 'state', 'success']);
  return complaint === undefined && !complains(item) ? undefined : (refusal ?? strange);
}

/** `{"success": true}`, `"status": "ok"`: neither says whether the person was new. */
function isMereYes(item: Item): boolean {
  const stated = statusKeys.map((key) => item[key]);
  return !stated.some(
    (value) => typeof value === 'number' || (typeof value === 'string' && /^(\d|updated)/i.test(value)),
  );
}

function statedStatus(item: Item, refusal?: number): number | undefined {
  for (const key of statusKeys) {
    const status = statusIn(Object.hasOwn(item, key) ? item[key] : undefined, refusal);
    if (status !== undefined) return status;
  }
  return undefined;
}

function statusIn(value: unknown, refusal: number | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  // "400", "400 Bad Request"
  if (/^[1-5]\d\d( |$)/.test(value)) return Number(value.slice(0, 3));
  const known = words[value.trim().toLowerCase().replaceAll(/[ -]/g, '_')];
  return known === 400 ? (refusal ?? 400) : known;
}

export interface PersonStatus {
  readonly status: number;
  /** false: the answer says yes, and no status. */
  readonly stated?: boolean;
  /** The person's own part of the answer, to find field names in. */
  readonly part: unknown;
}
