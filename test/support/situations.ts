/** Nights described as data, and played through the executable: what a source wrote, what Together had afterwards. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AirbyteStream, writeAirbyte } from './airbyte-rows.ts';
import { type House, start } from './pipe.ts';

export interface Night {
  /** Records as the source has them; or whole messages, where the order of these is what matters. */
  readonly rows?: readonly object[];
  readonly messages?: readonly object[];
  readonly stream?: string;
  /** Through the Airbyte destination instead; each with its rows. */
  readonly airbyte?: readonly AirbyteStream[];
  /** Columns of the SCHEMA; default: those of the rows. */
  readonly columns?: readonly string[];
  /** The column that tells rows apart; default: employeeId. */
  readonly key?: string;
  /** complete: ACTIVATE_VERSION and STATE after the rows (default) · part: STATE alone. */
  readonly ends?: 'complete' | 'part';
  /** A bookmark that the tap repeats before its first record. */
  readonly bookmark?: object;
  /** The STATE at the end. */
  readonly state?: object;
  /** From this night on, over those of the situation. */
  readonly settings?: object;
  /** Before this night. */
  readonly loses?: 'state_dir' | 'ledger.log';
  /** employeeIds whose accounts are deleted in Together before this night (410), or locked (409). */
  readonly deletes?: readonly string[];
  readonly locks?: readonly string[];
  /** `plan` instead of a run. */
  readonly plans?: true;
  /** Flags of this night. */
  readonly flags?: readonly string[];
  /** Releases the plan that a guard stopped. */
  readonly accepts?: 'the plan of the night before';
}

export interface Situation {
  readonly situation: string;
  /** Why it is right so. */
  readonly reason: string;
  readonly settings?: object;
  /** Users that Together has before the first night. */
  readonly held?: readonly Readonly<Record<string, unknown>>[];
  readonly nights: readonly Night[];
  /** Of the last night. */
  readonly expect: {
    readonly code: number;
    /** ids of the people sent. */
    readonly sent?: readonly string[];
    /** Status by employeeId that Together has in the end. */
    readonly status?: Readonly<Record<string, string>>;
    /** ids that Together does not have in the end. */
    readonly gone?: readonly string[];
    /** employeeId of the supervisor by employeeId. */
    readonly supervisors?: Readonly<Record<string, string | undefined>>;
    /** dateOfTermination by employeeId. */
    readonly ended?: Readonly<Record<string, string | undefined>>;
    readonly stderr?: RegExp;
    /** What nothing reports in the last night. */
    readonly never?: RegExp;
    /** Fields by employeeId that Together has in the end. */
    readonly holds?: Readonly<Record<string, object>>;
    /** Whether a STATE was given back. */
    readonly state?: boolean;
  };
}

export const bookmarkOf = (stream: string) => ({ bookmarks: { [stream]: { replication_key_value: '2026-01-02' } } });

export function messagesOf(night: Night): readonly object[] {
  const { rows = [], stream = 'employees', ends = 'complete' } = night;
  if (night.messages) return night.messages;
  const columns = night.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const properties = Object.fromEntries(columns.map((name) => [name, {}]));
  const version = ends === 'complete' ? { version: 1 } : {};
  return [
    {
      type: 'SCHEMA',
      stream,
      key_properties: night.key ? [night.key] : 'employeeId' in properties ? ['employeeId'] : [],
      schema: { properties },
    },
    ...(night.bookmark ? [{ type: 'STATE', value: night.bookmark }] : []),
    ...rows.map((record) => ({ type: 'RECORD', stream, record, ...version })),
    ...(ends === 'complete' ? [{ type: 'ACTIVATE_VERSION', stream, version: 1 }] : []),
    { type: 'STATE', value: night.state ?? bookmarkOf(stream) },
  ];
}

/** Plays all nights; returns what is known of the last one. */
export async function play(house: House, { settings, held = [], nights }: Situation) {
  const own = join(house.folder, 'situation.json');
  let now: object = { max_rejected_percent: 5, min_interval_ms: 0, ...settings };
  for (const user of held) house.together.state.store.create({ ...user }, '2026-01-01T00:00:00.000Z');
  let ran = { code: null as number | null, stdout: '', stderr: '' };
  for (const night of nights) {
    now = { ...now, ...night.settings };
    writeFileSync(own, JSON.stringify(now));
    const lost = night.loses === 'ledger.log' ? ['together', 'ledger.log'] : ['together'];
    if (night.loses) rmSync(join(house.folder, ...lost), { recursive: true, force: true });
    for (const id of night.deletes ?? []) house.together.state.remove(id);
    for (const id of night.locks ?? []) house.together.state.lock(id);
    house.together.journal.clear();
    ran = night.airbyte
      ? told(await writeAirbyte(house, night.airbyte, now))
      : await runNight(house, own, night, night.accepts ? hashIn(ran.stderr) : undefined);
  }
  const users = [...house.together.users.entries()] as [string, Record<string, unknown>][];
  return {
    code: ran.code,
    stderr: ran.stderr,
    state: ran.stdout.trim() !== '',
    sent: sentIn(house),
    held: Object.fromEntries(users),
    status: Object.fromEntries(users.map(([id, user]) => [id, String(user['employeeStatusCode'])])),
    ended: Object.fromEntries(users.map(([id, user]) => [id, user['dateOfTermination']])),
    supervisors: Object.fromEntries(users.map(([id, user]) => [id, user['supervisorId']])),
  };
}

/** The hash with which a stopped run is released. */
const hashIn = (stderr: string): string => /--accept\s+([0-9a-f]{16})/.exec(stderr)?.[1] ?? 'none';

const runNight = (house: House, own: string, night: Night, accepted: string | undefined) =>
  start(
    'target-together',
    [
      ...(night.plans ? ['plan', '--out', join(house.folder, 'plan.json')] : []),
      '--config',
      house.config,
      '--config',
      own,
      ...(accepted === undefined ? [] : ['--accept', accepted]),
      ...(night.flags ?? []),
    ],
    {
      input: messagesOf(night)
        .map((message) => `${JSON.stringify(message)}\n`)
        .join(''),
    },
  );

/** As of a Singer run: what an Airbyte destination says to people, and its states. */
function told({ code, stdout, stderr }: Awaited<ReturnType<typeof writeAirbyte>>) {
  const messages = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; log?: { message: string }; trace?: { error?: object } });
  const said = messages.flatMap(({ log, trace }) => [log?.message ?? JSON.stringify(trace?.error ?? '')]);
  const states = messages.filter(({ type }) => type === 'STATE');
  return {
    code,
    stderr: [stderr, ...said].join('\n'),
    stdout: states.map((state) => JSON.stringify(state)).join('\n'),
  };
}

/** ids of all bodies that Together was sent, in order. */
function sentIn({ together }: House): string[] {
  return together.journal
    .matching()
    .filter(({ method }) => method === 'POST')
    .flatMap(({ body = '[]' }) => JSON.parse(body) as object | object[])
    .flat()
    .map((user) => String((user as { employeeId: unknown }).employeeId));
}

/** Rows of invented people, by id. */
export const person = (id: string, more: object = {}) => ({
  employeeId: id,
  employeeStatusCode: 'A',
  emailAddress: `p${id}@example.com`,
  firstName: `First${id}`,
  lastName: 'Example',
  jobTitle: 'Analyst',
  ...more,
});

/** People `from` to `to`, inclusive. */
export const people = (from: number, to: number, more: (id: number) => object = () => ({})) =>
  Array.from({ length: to - from + 1 }, (_, at) => person(String(from + at), more(from + at)));
