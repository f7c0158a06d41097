/** What Together holds after a run beside what it should hold, by the rows and the calendar alone. */
import { type ExpectedPerson, expectedUsers } from '@ukg-together/sandbox/expected';
import type { World } from '@ukg-together/sandbox/world';
import { Kind } from '../../people/person.ts';
import type { Ended } from '../../run/end-step.ts';
import type { Settings } from '../../settings/settings.ts';
import { knowsLeave, type Source, type Values } from './records.ts';

export type Held = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export interface Mismatch {
  readonly id: string;
  /** A field of Together; null: the person as a whole. */
  readonly field: string | null;
  readonly expected: string;
  readonly held: string;
  readonly why: string;
}

export interface Compared {
  readonly world: World;
  readonly source: Source;
  readonly settings: Settings;
  readonly values: ReadonlyMap<string, Values>;
  readonly before: Held;
  readonly after: Held;
  readonly ended: Ended;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** A guard is to stop this run. */
  readonly stops: boolean;
}

/** Fields without which people are not kept right: a mapping without them is a mismatch, too. */
const needed = new Set(['email', 'employeeStatusCode', 'supervisorId', 'lastHireDate', 'dateOfTermination']);
/** Compared by no one: a stamp, and an id that stands for the person. */
const uncompared = new Set(['employeeId', 'lastUpdated', 'dateOfSeniority']);

export function compare(all: Compared): Mismatch[] {
  const { before, after, ended, stops, world } = all;
  if (stops) {
    if (ended.error?.kind === 'guard') return [];
    return [runMismatch('a guard stops the run', `it ended with exit code ${ended.exitCode}`)];
  }
  if (ended.exitCode !== 0) {
    const { message = '', hint = '' } = ended.error ?? {};
    return [runMismatch('the run ends well', `exit code ${ended.exitCode}: ${message} ${hint}`.trim())];
  }
  const why = reasons(ended);
  const owners = new Map([...all.values].flatMap(([id, { email }]) => (email ? [[email.toLowerCase(), id]] : [])));
  const mismatches: Mismatch[] = [];
  for (const [id, expected] of expectedUsers(world, { sensitiveFields: ['dateOfBirth', 'gender'] })) {
    const told = why(id);
    if (told.filter !== undefined && !before.has(id)) continue;
    for (const each of [...ofPerson(id, expected, all), ...ofAddresses(id, owners, all)])
      mismatches.push({ ...each, id, why: [each.why, told.why].filter(Boolean).join('; ') });
  }
  for (const id of after.keys())
    if (!before.has(id) && !all.values.has(id))
      mismatches.push({ id, field: 'employeeId', expected: 'an id of the source', held: id, why: why(id).why });
  return mismatches;
}

const runMismatch = (expected: string, held: string): Mismatch => ({ id: '', field: null, expected, held, why: '' });

function* ofPerson(id: string, expected: ExpectedPerson, all: Compared): Generator<Omit<Mismatch, 'id'>> {
  const { before, after, values, today } = all;
  const [had, has, row] = [before.get(id), after.get(id), values.get(id)];
  if (expected.notSent) {
    if (!has && had) yield { field: null, expected: 'kept as before', held: 'gone', why: '' };
    if (!had && has && expected.notSent === 'no-email')
      yield { field: 'email', expected: 'not sent: no address', held: 'sent', why: '' };
    return;
  }
  const said = expected.user['employeeStatusCode'] ?? '';
  const status = said === 'L' && !knowsLeave(all.source.preset) ? 'A' : said;
  const [start, end] = [row?.['lastHireDate'] ?? '', row?.['dateOfTermination'] ?? ''];
  // A source that says no days can't say that one lies ahead.
  const { dateOfTermination: saysEnd, lastHireDate: saysStart } = all.source.preset.fields;
  const startsLater = saysStart !== undefined && status !== 'T' && start > today && start < '2099';
  const endsLater = saysEnd !== undefined && status === 'T' && end >= today;
  if (!has) {
    if (startsLater || status === 'T' || isAnothers(expected.user['email'], before)) return;
    yield { field: null, expected: `held with status ${status}`, held: 'not in Together', why: '' };
    return;
  }
  if (startsLater && !had) {
    yield { field: null, expected: `not in Together before ${start}`, held: 'sent already', why: dates(all) };
    return;
  }
  const wanted = startsLater || endsLater ? (had?.['employeeStatusCode'] ?? 'A') : status;
  if (has['employeeStatusCode'] !== wanted)
    yield {
      field: 'employeeStatusCode',
      expected: `${wanted as string}`,
      held: `${has['employeeStatusCode'] as string}`,
      why: endsLater || startsLater ? dates(all) : '',
    };
  if (!startsLater && !endsLater) yield* ofFields(expected.user, has, all);
}

/** Together still knows another person by this address, and would merge the two. */
const isAnothers = (email: string | undefined, before: Held): boolean =>
  [...before.values()].some((user) => String(user['email']).toLowerCase() === email?.toLowerCase());

const dates = ({ settings }: Compared): string => `effective_dates is ${JSON.stringify(settings.effective_dates)}`;

function* ofFields(
  user: Readonly<Record<string, string>>,
  has: Readonly<Record<string, unknown>>,
  { source, settings, after }: Compared,
): Generator<Omit<Mismatch, 'id'>> {
  const own = ownRules(settings);
  for (const field of new Set([...Object.keys(source.preset.fields), ...Object.keys(own)])) {
    const expected = user[field];
    const held = has[field];
    if (expected === undefined || uncompared.has(field) || field === 'employeeStatusCode') continue;
    if (field === 'supervisorId' && !after.has(expected)) continue;
    if ((field === 'dateOfBirth' || field === 'gender') && !settings.sensitive_fields.includes(field)) continue;
    const mayLack = own[field] === null && !needed.has(field);
    if (held === undefined ? mayLack : isSame(field, expected, held)) continue;
    yield { field, expected, held: held === undefined ? 'nothing' : String(held), why: ruleText(field, own, source) };
  }
}

/** Together takes a person for another one if it knows any of the addresses: those beside `email` may be no one's work address. */
function* ofAddresses(id: string, owners: ReadonlyMap<string, string>, { after, source, settings }: Compared) {
  const held = [after.get(id)?.['alternateEmails'] ?? []].flat();
  for (const address of held.map(String)) {
    const owner = owners.get(address.toLowerCase());
    if (owner === undefined) continue;
    const whose = owner === id ? 'their own work address' : `the work address of ${owner}`;
    const why = ruleText('alternateEmails', ownRules(settings), source);
    yield { field: 'alternateEmails', expected: 'addresses beside the work address', held: whose, why };
  }
}

const ownRules = ({ mapping }: Settings): Readonly<Record<string, unknown>> =>
  (mapping as { fields?: Record<string, unknown> }).fields ?? {};

function isSame(field: string, expected: string, held: unknown): boolean {
  const text = String(held);
  if (field === 'officeAddress') return text.includes(expected.split(',')[0] ?? '');
  if (field === 'email') return text.toLowerCase() === expected.toLowerCase();
  return text === expected;
}

function ruleText(field: string, own: Readonly<Record<string, unknown>>, { preset }: Source): string {
  const [name, rule] =
    field in own ? [`mapping.fields.${field}`, own[field]] : [`preset ${preset.name}: ${field}`, preset.fields[field]];
  const text = JSON.stringify(rule ?? null);
  return `${name} is ${text.length > 160 ? `${text.slice(0, 157)}...` : text}`;
}

/** What the run itself says of a person. */
function reasons({ read: { people }, planned }: Ended): (id: string) => { why: string; filter: string | undefined } {
  const known = new Map<string, { why: string; filter: string | undefined }>();
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.superseded) continue;
    const filter = people.filter(person);
    const faults = planned?.plan.faults(person) ?? people.faults(person);
    const told = faults.map(({ message, fix }) => `${message} ${fix}`).join(' ');
    const action = planned?.plan.action(person);
    const dropped = planned?.findings.dropped(person);
    const why =
      filter === undefined
        ? told || (action ? `the plan says: ${action}` : '')
        : `filter ${filter} leaves this person out`;
    known.set(people.id(person) ?? '', { why: dropped ? `supervisor ${dropped}; ${why}` : why, filter });
  }
  return (id) => known.get(id) ?? { why: 'the run read no person with this id', filter: undefined };
}
