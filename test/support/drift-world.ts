/**
 * One company of invented people, sent to the sandbox by a whole run, then changed there by hand; and what `verify` must say of
 * it, known from what was done and nothing else.
 */
import { sequence } from '@ukg-together/sandbox/company/rng';
import type { TogetherServer } from '@ukg-together/sandbox/together-server';
import { commandWorld, tapOutput } from '../../target-together/src/testing/command.ts';

export interface Expected {
  readonly code: number;
  /** undefined: no list that can be understood. */
  readonly found: Found | undefined;
}

export interface Found {
  readonly changed: Record<string, string[]>;
  readonly absent: string[];
  readonly ended: string[];
  readonly revived: string[];
  readonly outside: string[];
  /** Fields that are not compared. */
  readonly verdicts: Record<string, string>;
}

type Row = Record<string, string>;
type Shape = NonNullable<TogetherServer['options']['list']>;

const unusable: readonly (Shape | undefined)[] = ['unrecognised', 'empty', 'html', 404];

const sent = [
  'employeeId',
  'employeeStatusCode',
  'email',
  'firstName',
  'lastName',
  'preferredName',
  'title',
  'departmentName',
  'addressCountry',
  'originalHireDate',
  'hrisFields.costCenter',
  'hrisFields.badge',
];
const column = (field: string) => field.replace('hrisFields.', '');

export const worldSettings = (together: TogetherServer): object => ({
  api_url: together.url,
  organization_id: together.credentials.organizationId,
  client_id: together.credentials.clientId,
  api_key: together.credentials.apiKey,
  mapping: { stream: 'employees', fields: Object.fromEntries(sent.map((field) => [field, column(field)])) },
});

/** Plays the world of this seed and compares; the server serves one world at a time. */
export async function playWorld(
  seed: number,
  together: TogetherServer,
): Promise<{ expected: Expected; code: number; found: Found | undefined }> {
  const rng = dice(seed);
  together.state.reset();
  const options = together.options as {
    -readonly [K in keyof TogetherServer['options']]: TogetherServer['options'][K];
  };
  options.list = rng.of([...['array', 'array', 'array', 'users', 'data', 'nested', 'pages'], ...unusable] as Shape[]);
  options.listHrisFields = rng.chance(0.8);
  options.hrisFields = rng.of(['all', 'all', ['badge'], []] as const);
  const lower = rng.of([[], [], ['email'], ['departmentName'], ['email', 'departmentName']]);
  const dates = rng.of([undefined, 'day', 'offset'] as const);
  options.forms = {
    ...(dates && { dates }),
    ...(rng.chance(0.3) && { countries: 'names' as const }),
    lower,
    nested: rng.chance(0.3),
    ...(rng.chance(0.2) && { keys: 'snake' as const }),
  };
  const rows = Array.from({ length: 12 + rng.below(30) }, (_, at) => rowOf(at, rng));
  const world = await commandWorld(worldSettings(together));
  try {
    const ran = await world.type([], tapOutput(rows, 'end', schema));
    if (ran.code !== 0) throw new Error(`seed ${seed}: the run ended with ${ran.code}: ${ran.log.join('\n')}`);
    const expected = changeByHand(rows, together, rng);
    const { code, stdout } = await world.type(['verify', '--format', 'json']);
    return { expected, code, found: code === 5 ? undefined : foundIn(stdout) };
  } finally {
    await world.close();
  }
}

const schema = { properties: Object.fromEntries(sent.map((field) => [column(field), { type: ['string', 'null'] }])) };

function rowOf(at: number, rng: Dice): Row {
  const id = `p${at}`;
  return {
    employeeId: id,
    // The first ones keep their places: everything below happens to somebody.
    employeeStatusCode: at < 2 ? 'T' : at < 9 ? 'A' : rng.of(['A', 'A', 'A', 'L', 'T']),
    email: rng.chance(0.5) ? `Ada.${id}@Example.com` : `${id}@example.com`,
    firstName: rng.of(['Ada', 'Ben', 'Cleo']),
    lastName: `Nr ${at}`,
    ...(at < 9 || rng.chance(0.5) ? { preferredName: `Pet ${at}` } : {}),
    ...(at < 9 || rng.chance(0.8) ? { title: rng.of(['Clerk', 'Engineer', 'Nurse']) } : {}),
    departmentName: rng.of(['Finance', 'Care', 'People and Culture']),
    addressCountry: rng.of(['CA', 'DE', 'FR']),
    originalHireDate: `20${10 + rng.below(10)}-0${1 + rng.below(9)}-1${rng.below(9)}`,
    costCenter: `C${rng.below(4)}`,
    badge: `B${at}`,
  };
}

const edits: Record<string, (row: Row) => unknown> = {
  lastName: (row) => `${row['lastName']} X`,
  preferredName: (row) => `${row['preferredName']} X`,
  title: () => undefined,
  departmentName: (row) => `${row['departmentName']} West`,
  addressCountry: () => 'JP',
  originalHireDate: () => '2001-01-01T00:00:00.000Z',
  email: (row) => `other.${row['employeeId']}@example.com`,
  'hrisFields.badge': () => 'other',
};

function changeByHand(rows: readonly Row[], together: TogetherServer, rng: Dice): Expected {
  const { state, options } = together;
  const verdicts = verdictsFor(options);
  const changed: Record<string, string[]> = {};
  const hit = (id: string, field: string) => {
    if (!verdicts[field]) changed[id] = [...(changed[id] ?? []), field].sort();
  };
  const idOf = (at: number) => (rows[at] as Row)['employeeId'] as string;
  const some = <T>(list: T[]): T[] => (rng.chance(0.6) ? list : []);
  // Each on people of their own: 0 and 1 are terminated, 2 and 3 active, 4 to 8 edited, 9 gone.
  const revived = some([idOf(0)]);
  const ended = some([idOf(2)]);
  const absent = some([idOf(9)]);
  const outside = some(['stranger']);
  for (const id of revived) state.edit(id, { employeeStatusCode: 'A' });
  for (const id of ended) state.edit(id, { employeeStatusCode: 'T' });
  for (const id of [...revived, ...ended]) hit(id, 'employeeStatusCode');
  for (const id of outside) state.edit(id, { email: 's@example.com', employeeStatusCode: 'A' });
  for (const id of absent) {
    const held = state.store.byEmployeeId(id);
    if (held) state.store.drop(held);
  }
  for (const at of some([4, 5, 6, 7, 8])) {
    const row = rows[at] as Row;
    for (const [field, edit] of Object.entries(edits)) {
      if (!rng.chance(0.2)) continue;
      // Where the key is not set up, an admin has nothing to change.
      if (field === 'hrisFields.badge' && verdicts[field]) continue;
      state.edit(idOf(at), { [field]: edit(row) });
      hit(idOf(at), field);
    }
  }
  // No change: the same address in another case.
  state.edit(idOf(3), { email: (rows[3] as Row)['email']?.toUpperCase() });
  if (unusable.includes(options.list)) return { code: 5, found: undefined };
  const isWhole = options.list !== 'users';
  const differs =
    Object.keys(changed).length > 0 || (absent.length > 0 && isWhole) || Object.values(verdicts).includes('not_set_up');
  return { code: differs ? 8 : 0, found: { changed, absent, ended, revived, outside, verdicts } };
}

/** Everybody has these fields, so that what the server does to one it does to all. */
function verdictsFor({ forms, hrisFields, listHrisFields }: TogetherServer['options']): Record<string, string> {
  const shown = (key: string) => listHrisFields !== false && (hrisFields === 'all' || hrisFields?.includes(key));
  // An object of custom fields that lacks one says so; without any, the list may show none.
  const showsSome = listHrisFields !== false && (forms?.nested || shown('badge'));
  const custom = (key: string) => (showsSome && !shown(key) ? 'not_set_up' : 'not_listed');
  return {
    ...(forms?.countries && { addressCountry: 'not_comparable' }),
    ...(forms?.lower?.includes('departmentName') && { departmentName: 'not_comparable' }),
    ...(!shown('badge') && { 'hrisFields.badge': custom('badge') }),
    ...(!shown('costCenter') && { 'hrisFields.costCenter': custom('costCenter') }),
  };
}

function foundIn(stdout: string): Found {
  const told = JSON.parse(stdout) as {
    changed: { id: string; fields: string[] }[];
    absent_ids: string[];
    ended: { ids: string[] };
    revived: { ids: string[] };
    outside: { ids: string[] };
    fields: { field: string; verdict: string }[];
  };
  return {
    changed: Object.fromEntries(told.changed.map(({ id, fields }) => [id, [...fields].sort()])),
    absent: told.absent_ids,
    ended: told.ended.ids,
    revived: told.revived.ids,
    outside: told.outside.ids,
    verdicts: Object.fromEntries(
      told.fields.filter(({ verdict }) => verdict !== 'compared').map(({ field, verdict }) => [field, verdict]),
    ),
  };
}

type Dice = ReturnType<typeof dice>;

function dice(seed: number) {
  const next = sequence(seed);
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    chance: (share: number) => next() < share,
    of: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  };
}
