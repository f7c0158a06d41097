/** An employer as its HRIS has it, and what a night's events do to it. No product in here, and no oracle: only rows. */
import type { Day } from './days.ts';
import { plusDays } from './days.ts';

/** The employeeTypeCode that a filter of the settings leaves out. */
export const outside = 'ZZ9';

/** One record of the HRIS. */
export interface Person {
  id: string;
  /** The order in which records were made. */
  readonly n: number;
  firstName: string;
  lastName: string;
  email: string | null;
  status: 'A' | 'L' | 'T';
  start: Day;
  end: Day | null;
  title: string;
  /** Left out by a filter of the settings. */
  outside: boolean;
  /** id of the supervisor's record. */
  boss: string | null;
  /** In no answer tonight. */
  hidden: boolean;
  /** The row comes twice. */
  doubled: 'no' | 'equal' | 'different';
  /** Grows with every change that an increment brings. */
  deleted: 'no' | 'whole' | 'key only';
  changed: number;
  stamp: number;
}

/** What happens to the HRIS; `who` and `other` count its records round. */
export type Event =
  | { do: 'join'; ahead: number; address: 'own' | 'of' | 'with'; who: number }
  | { do: 'leave'; who: number; days: number | null }
  | { do: 'withdraw'; who: number; keep: boolean }
  | { do: 'move-end'; who: number; days: number }
  | { do: 'rehire'; who: number; ahead: number; keep: boolean }
  | { do: 'rename'; who: number }
  | { do: 'promote'; who: number }
  | { do: 'boss'; who: number; other: number }
  | { do: 'leave-of-absence'; who: number }
  | { do: 'return'; who: number }
  | { do: 'swap-addresses'; who: number; other: number }
  | { do: 'take-address'; who: number; other: number }
  | { do: 'empty-address'; who: number }
  | { do: 'new-address'; who: number }
  | { do: 'hide'; who: number }
  | { do: 'show' }
  | { do: 'renumber'; who: number }
  | { do: 'second-id'; who: number; ended: boolean }
  | { do: 'double'; who: number; how: 'equal' | 'different' | 'no' }
  | { do: 'placeholder'; who: number; field: 'start' | 'end'; which: number }
  | { do: 'stamp'; who: number }
  /** Tonight a row comes without its id. */
  | { do: 'nameless' }
  /** The row is marked as deleted; with `keyOnly` nothing else is left of it. */
  | { do: 'delete'; who: number; keyOnly: boolean }
  /** Into the scope of the filter, or out of it. */
  | { do: 'scope'; who: number }
  | { do: 'mass'; what: Mass };

/** `new-tenant`: everybody comes under a new id, and the old ids come as leavers. */
export type Mass = 'renumber' | 'new-tenant' | 'domain' | 'leave' | 'hide';

export const placeholderDays = [
  '0001-01-01',
  '1753-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '1901-01-01',
  '2099-12-31',
  '2999-01-01',
  '9999-12-31',
  '0000-00-00',
];

export interface Hr {
  readonly people: Person[];
  /** How many records were ever made; ids and addresses count on. */
  made: number;
  changes: number;
  domain: string;
  /** Rows without an id tonight. */
  nameless: number;
}

export function createHr(size: number): Hr {
  const hr: Hr = { people: [], made: 0, changes: 0, domain: 'corp.example', nameless: 0 };
  for (let at = 0; at < size; at++) add(hr, '2019-03-04', hr.people[at >> 2]?.id ?? null);
  return hr;
}

function add(hr: Hr, start: Day, boss: string | null): Person {
  const n = ++hr.made;
  const person: Person = {
    id: `E${n}`,
    n,
    firstName: 'Ada',
    lastName: `Example ${n}`,
    email: `e${n}@${hr.domain}`,
    status: 'A',
    start,
    end: null,
    title: 'Analyst',
    outside: false,
    boss,
    hidden: false,
    doubled: 'no',
    deleted: 'no',
    changed: ++hr.changes,
    stamp: n,
  };
  hr.people.push(person);
  return person;
}

/** Plays one event; one that makes no sense for whom it meets changes nothing. */
export function play(hr: Hr, event: Event, today: Day): void {
  if (event.do === 'mass') {
    playMass(hr, event.what, today);
    return;
  }
  if (event.do === 'show') {
    for (const person of hr.people) person.hidden = false;
    return;
  }
  if (event.do === 'nameless') {
    hr.nameless++;
    return;
  }
  const person = at(hr, event.who);
  if (!person || ((person.hidden || person.deleted !== 'no') && event.do !== 'join')) return;
  playOn(hr, person, event, today);
}

type OnOne = Exclude<Event, { do: 'mass' | 'show' | 'nameless' }>;

function playOn(hr: Hr, person: Person, event: OnOne, today: Day): void {
  const touch = (changes: Partial<Person>): void => {
    Object.assign(person, changes, { changed: ++hr.changes });
  };
  const found = 'other' in event ? at(hr, event.other) : undefined;
  const other = found?.deleted === 'no' ? found : undefined;
  switch (event.do) {
    case 'join':
      join(hr, person, event, today);
      break;
    case 'leave':
      if (person.status !== 'T') touch({ status: 'T', end: event.days === null ? null : plusDays(today, event.days) });
      break;
    case 'withdraw':
      if (person.status === 'T' && (person.end ?? '') >= today)
        touch({ status: 'A', end: event.keep ? person.end : null });
      break;
    case 'move-end':
      if (person.status === 'T') touch({ end: plusDays(today, event.days) });
      break;
    case 'rehire':
      if (person.status === 'T' && (person.end ?? '') < today)
        touch({ status: 'A', start: plusDays(today, event.ahead), end: event.keep ? person.end : null });
      break;
    case 'rename':
      touch({ lastName: `${person.lastName}n`, email: `n${++hr.made}@${hr.domain}` });
      break;
    case 'promote':
      touch({ title: `${person.title.split(' ')[0]} ${hr.changes}` });
      break;
    case 'boss':
      // Only who was made before: no loops.
      if (other && other.n < person.n) touch({ boss: other.id });
      break;
    case 'leave-of-absence':
      if (person.status === 'A') touch({ status: 'L' });
      break;
    case 'return':
      if (person.status === 'L') touch({ status: 'A' });
      break;
    case 'swap-addresses':
      if (!other || other === person || !other.email || !person.email || other.hidden) break;
      [person.email, other.email] = [other.email, person.email];
      other.changed = ++hr.changes;
      touch({});
      break;
    case 'take-address':
      if (other && other !== person) touch({ email: other.email });
      break;
    case 'empty-address':
      if (person.status === 'T') touch({ email: null });
      break;
    case 'new-address':
      touch({ email: `a${++hr.made}@${hr.domain}` });
      break;
    case 'hide':
      person.hidden = true;
      break;
    case 'renumber':
      renumber(hr, person);
      break;
    case 'second-id': {
      const twin = add(hr, today, person.boss);
      Object.assign(twin, { email: person.email, lastName: person.lastName });
      if (event.ended) Object.assign(twin, { status: 'T', start: '2018-01-01', end: plusDays(today, -400) });
      break;
    }
    case 'double':
      person.doubled = event.how;
      touch({});
      break;
    case 'placeholder': {
      const day = placeholderDays[event.which % placeholderDays.length] as string;
      if (event.field === 'start' || person.status !== 'T') touch({ [event.field]: day });
      break;
    }
    case 'delete':
      touch({ deleted: event.keyOnly ? 'key only' : 'whole' });
      break;
    case 'scope':
      touch({ outside: !person.outside });
      break;
    case 'stamp':
      person.stamp++;
      touch({});
      break;
  }
}

const at = (hr: Hr, who: number): Person | undefined => hr.people[who % hr.people.length];

function join(hr: Hr, near: Person, event: Extract<Event, { do: 'join' }>, today: Day): void {
  const person = add(hr, plusDays(today, event.ahead), near.id);
  if (event.address === 'own' || near.deleted !== 'no') return;
  // `of`: a leaver's address is handed on, and emptied there; `with`: two have it.
  if (event.address === 'of' && near.status !== 'T') return;
  person.email = near.email;
  if (event.address === 'of') Object.assign(near, { email: null, changed: ++hr.changes });
}

function renumber(hr: Hr, person: Person): void {
  const before = person.id;
  person.id = `N${person.n}x${++hr.made}`;
  person.changed = ++hr.changes;
  for (const other of hr.people) {
    if (other.boss !== before) continue;
    other.boss = person.id;
    other.changed = ++hr.changes;
  }
}

/** The person goes on under a new id; the row of the old one stays as a leaver's. */
function anew(hr: Hr, person: Person): void {
  const old = { ...person, status: 'T' as const, changed: ++hr.changes };
  renumber(hr, person);
  hr.people.push(old);
}

function playMass(hr: Hr, what: Mass, today: Day): void {
  const there = hr.people.filter((person) => !person.hidden && person.deleted === 'no');
  if (what === 'domain') hr.domain = `brand${++hr.made}.example`;
  for (const [index, person] of there.entries()) {
    if (what === 'renumber') renumber(hr, person);
    else if (what === 'new-tenant' && person.status !== 'T') anew(hr, person);
    else if (what === 'domain' && person.email)
      Object.assign(person, { email: `${person.email.split('@')[0]}@${hr.domain}`, changed: ++hr.changes });
    else if (what === 'leave' && person.status !== 'T' && index % 8 !== 0)
      Object.assign(person, { status: 'T', end: plusDays(today, -1), changed: ++hr.changes });
    else if (what === 'hide' && index % 8 !== 0) person.hidden = true;
  }
}

/** A row as the tap writes it. */
export interface Row {
  /** The row's key: two rows of one person are two, as in a table of histories. */
  readonly recordId: string;
  /** The source shows the person, and says nothing of them tonight: they stay as they were. */
  readonly kept?: boolean;
  readonly deleted?: 'whole' | 'key only';
  readonly employeeId: string;
  readonly supervisorId: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly emailAddress: string | null;
  readonly employeeStatusCode: string;
  readonly jobTitle: string;
  readonly employeeTypeCode: string;
  readonly originalHireDate: string;
  readonly lastHireDate: string;
  readonly dateOfTermination: string | null;
  readonly dateTimeChanged: string;
}

function rowOf(person: Person): Row {
  return {
    recordId: person.id,
    employeeId: person.id,
    supervisorId: person.boss,
    firstName: person.firstName,
    lastName: person.lastName,
    emailAddress: person.email,
    employeeStatusCode: person.status,
    jobTitle: person.title,
    employeeTypeCode: person.outside ? outside : 'REG',
    originalHireDate: '2019-03-04T00:00:00',
    lastHireDate: `${person.start}T00:00:00`,
    dateOfTermination: person.end === null ? null : `${person.end}T00:00:00`,
    dateTimeChanged: new Date(Date.UTC(2025, 0, 1) + person.stamp * 1000).toISOString(),
  };
}

/** What a night's read brings: everybody who shows, or who changed after a bookmark. */
export function rowsSince(hr: Hr, bookmark: number | undefined): Row[] {
  const nameless = Array.from({ length: hr.nameless }, (_, at) => namelessRow(hr, at));
  return [...rowsOfPeople(hr, bookmark), ...nameless];
}

function namelessRow(hr: Hr, at: number): Row {
  const email = `x${hr.changes}.${at}@${hr.domain}`;
  const row = rowOf({ ...(hr.people[0] as Person), boss: null, email, lastName: 'Nameless' });
  return { ...row, recordId: `X${hr.changes}-${at}`, employeeId: '' };
}

function rowsOfPeople(hr: Hr, bookmark: number | undefined): Row[] {
  return hr.people
    .filter((person) => !person.hidden && (bookmark === undefined || person.changed > bookmark))
    .flatMap((person) => {
      const row = rowOf(person);
      if (person.deleted === 'whole') return [{ ...row, deleted: 'whole' }];
      // Nothing is left to say whose address it was.
      if (person.deleted === 'key only') return [{ ...row, emailAddress: null, deleted: 'key only' }];
      if (person.doubled === 'no') return [row];
      const second = { ...row, recordId: `${person.id}-2` };
      return [row, person.doubled === 'equal' ? second : { ...second, jobTitle: `${row.jobTitle}, too` }];
    });
}
