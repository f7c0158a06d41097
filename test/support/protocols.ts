/**
 * One sync through either protocol, driven as its runner drives it and reported in the same words, so that one suite holds both to one
 * promise: `tap-ukg-pro | target-together` as in a shell, `source-ukg-pro` and `destination-together` with Airbyte's platform between.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, cleanEnv, type House, start } from './pipe.ts';
import { synchronise } from './platform.ts';

export interface Half {
  readonly code: number | null;
  /** What it reported to people, wherever its protocol says that. */
  readonly said: string;
}

export interface Sync {
  readonly source: Half;
  readonly target: Half;
  /** What the audit log says of the run; undefined when it never came so far. */
  readonly run: { readonly outcomes: Record<string, number>; readonly people_read: number } | undefined;
  /** Whether a state came out at the end that was not there before. */
  readonly moved: boolean;
  /** What the protocol's own rules find wrong with what went over the wire. */
  readonly problems: readonly string[];
}

export interface SyncOptions {
  /** Read everybody, with no state and as the protocol asks for it. */
  readonly full?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly onStart?: (processes: { source: ChildProcess; target: ChildProcess }) => void;
}

export interface Protocol {
  readonly name: string;
  sync(house: House, options?: SyncOptions): Promise<Sync>;
  /** These people as records of `employees`, and a state after them, written to the target alone. `cut` bytes are missing at the end. */
  write(house: House, people: readonly object[], cut?: number): Promise<Half & { readonly states: number }>;
}

/** Two people as records that `write` takes; `lastName` tells one version of them from another. */
export const twoPeople = (lastName: string) =>
  ['a', 'b'].map((id) => ({
    employeeId: id,
    firstName: 'Ada',
    emailAddress: `${id}@example.com`,
    employeeStatusCode: 'A',
    lastName,
  }));

const schema = {
  type: 'object',
  properties: Object.fromEntries(
    ['employeeId', 'firstName', 'lastName', 'emailAddress', 'employeeStatusCode'].map((name) => [
      name,
      { type: ['string', 'null'] },
    ]),
  ),
};

const singer: Protocol = {
  name: 'Singer',
  async sync(house, { full = false, env = {}, onStart } = {}) {
    const before = textOf(house.state);
    const runs = finishedRuns(house).length;
    if (full) writeFileSync(house.state, '');
    const running = house.startSync({ tapEnv: env, targetEnv: env });
    onStart?.({ source: running.tap.child, target: running.target.child });
    const [tap, target] = await Promise.all([running.tap, running.target]);
    const after = textOf(house.state);
    if (full && after === '') writeFileSync(house.state, before);
    return {
      source: { code: codeOf(tap), said: tap.stderr },
      target: { code: codeOf(target), said: target.stderr },
      run: finishedRuns(house)[runs],
      moved: after !== '' && after !== before,
      problems: target.stdout
        .split('\n')
        .filter((line) => line !== '' && typeof JSON.parse(line) !== 'object')
        .map((line) => `no state: ${line}`),
    };
  },
  async write(house, people, cut = 0) {
    const messages = [
      { type: 'SCHEMA', stream: 'employees', schema, key_properties: ['employeeId'] },
      ...people.map((record) => ({ type: 'RECORD', stream: 'employees', record })),
      { type: 'STATE', value: { bookmarks: { employees: { at: people.length } } } },
    ];
    const ran = await start('target-together', ['--config', house.config], { input: linesOf(messages, cut) });
    return {
      code: codeOf(ran),
      said: ran.stderr,
      states: ran.stdout.split('\n').filter((line) => line.includes('bookmarks')).length,
    };
  },
};

const airbyte: Protocol = {
  name: 'Airbyte',
  async sync(house, { full = false, env = {}, onStart } = {}) {
    const { source, destination } = configsOf(house);
    const before = textOf(house.state);
    const runs = finishedRuns(house).length;
    const ended = await synchronise({
      source: { executable: bin('source-ukg-pro'), config: source },
      destination: { executable: bin('destination-together'), config: destination },
      catalog: configuredCatalog(house, full ? 'full_refresh' : 'incremental'),
      supportsRefreshes: true,
      env: { ...cleanEnv(), ...env },
      ...(full || before === '' ? {} : { state: house.state }),
      onStart: (processes) => onStart?.({ source: processes.source, target: processes.destination }),
    });
    // The platform keeps what came back, of a sync that failed too.
    const after = ended.states.length > 0 ? JSON.stringify(ended.states.map(withoutCounts)) : before;
    writeFileSync(house.state, after);
    return {
      source: { code: ended.sourceCode, said: ended.sourceSaid },
      target: { code: ended.destinationCode, said: ended.destinationSaid },
      run: finishedRuns(house)[runs],
      moved: after !== before,
      problems: [...ended.problems, ...(ended.stderr === '' ? [] : [`stderr: ${ended.stderr}`])],
    };
  },
  async write(house, people, cut = 0) {
    const catalog = join(house.folder, 'written.txt');
    const stream = { name: 'employees', json_schema: schema, supported_sync_modes: ['full_refresh'] };
    const entry = { stream, sync_mode: 'full_refresh', destination_sync_mode: 'append_dedup' };
    writeFileSync(catalog, JSON.stringify({ streams: [{ ...entry, primary_key: [['employeeId']] }] }));
    const state = { type: 'STREAM', stream: { stream_descriptor: { name: 'employees' }, stream_state: {} }, id: 1 };
    const messages = [
      ...people.map((data) => ({ type: 'RECORD', record: { stream: 'employees', data, emitted_at: Date.now() } })),
      { type: 'STATE', state: { ...state, sourceStats: { recordCount: people.length } } },
    ];
    const { destination } = configsOf(house);
    const ran = await start('destination-together', ['write', '--config', destination, '--catalog', catalog], {
      input: linesOf(messages, cut),
    });
    const answered = ran.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { type: string; log?: { message: string }; trace?: { error?: object } });
    return {
      code: codeOf(ran),
      said: answered
        .filter(({ type }) => type !== 'STATE')
        .map((message) => JSON.stringify(message.log?.message ?? message.trace?.error))
        .join('\n'),
      states: answered.filter(({ type }) => type === 'STATE').length,
    };
  },
};

export const protocols: readonly Protocol[] = [singer, airbyte];

/** Airbyte hands each connector its own settings. */
function configsOf(house: House): { source: string; destination: string } {
  const both = JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>;
  const put = (name: string, settings: object | undefined) => {
    const path = join(house.folder, name);
    writeFileSync(path, JSON.stringify(settings), { mode: 0o600 });
    return path;
  };
  return {
    source: put('source.json', both['tap-ukg-pro']),
    destination: put('destination.json', both['target-together']),
  };
}

/** `employees` as `discover` describes it, in a file whose suffix says nothing. */
function configuredCatalog(house: House, mode: 'full_refresh' | 'incremental'): string {
  const path = join(house.folder, `${mode}.txt`);
  if (existsSync(path)) return path;
  // What `discover` says hangs on no credentials, and must also be there for tests of wrong settings.
  const config = join(house.folder, 'discover.json');
  const settings = { base_url: house.ukg.url, username: 'u', password: 'p', customer_api_key: 'k' };
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
  const { stdout } = spawnSync(bin('source-ukg-pro'), ['discover', '--config', config], { env: cleanEnv() });
  const message = stdout
    .toString()
    .split('\n')
    .find((line) => line.startsWith('{"type":"CATALOG"'));
  const { streams } = (JSON.parse(message ?? '{}') as { catalog: { streams: { name: string }[] } }).catalog;
  const stream = streams.find(({ name }) => name === 'employees');
  const entry = { stream, sync_mode: mode, destination_sync_mode: 'append_dedup', primary_key: [['employeeId']] };
  writeFileSync(path, JSON.stringify({ streams: [entry] }));
  return path;
}

function withoutCounts(state: Record<string, unknown>): unknown {
  const { id: _, sourceStats: __, destinationStats: ___, ...kept } = state;
  return kept;
}

interface Finished {
  readonly type: string;
  readonly outcomes: Record<string, number>;
  readonly people_read: number;
}

/** Oldest first; each run ends with one. */
function finishedRuns(house: House): Finished[] {
  const folder = join(house.folder, 'together');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^audit-.*\.jsonl$/.test(name)) : [];
  return files
    .sort()
    .map((name) => textOf(join(folder, name)))
    .join('\n')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finished)
    .filter(({ type }) => type === 'run_finished');
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8').trim() : '');

const linesOf = (messages: readonly object[], cut: number): string => {
  const text = `${messages.map((message) => JSON.stringify(message)).join('\n')}\n`;
  return cut > 0 ? text.slice(0, -cut) : text;
};

const codeOf = ({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }): number | null =>
  code ?? (signal === 'SIGKILL' ? 137 : null);
