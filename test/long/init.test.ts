/** `init` from an empty folder: a person's answers on standard input, or options alone; each mistake is named where it is made. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { startTogether, type TogetherOptions, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { startUkg, type UkgOptions, type UkgServer } from '@ukg-together/sandbox/ukg-server';
import { afterEach, describe, expect, it } from 'vitest';
import { bin, cleanEnv, type Ran, start } from '../support/pipe.ts';
import { atTerminal } from '../support/terminal.ts';

const password = 'pass #1 "word"';
const key = 'k3y-of-together';

let folder: string;
let ukg: UkgServer;
let together: TogetherServer;

async function open(options: { ukg?: UkgOptions; together?: TogetherOptions } = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
  const account = { username: 'reader', password, customerApiKey: 'C5KEY' };
  ukg = await startUkg({ people: 60, seed: 3, credentials: account, ...options.ukg });
  const headers = { organizationId: 'org-1', clientId: 'client-1', apiKey: key };
  together = await startTogether({ credentials: headers, ...options.together });
}

afterEach(async () => {
  await Promise.all([ukg.close(), together.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  // The state folder, and both executables in PATH as an installation has them.
  XDG_STATE_HOME: join(folder, 'xdg'),
  PATH: `${dirname(bin('tap-ukg-pro'))}:${process.env['PATH']}`,
  ...more,
});

const secrets = { TAP_UKG_PRO_PASSWORD: password, TAP_UKG_PRO_CUSTOMER_API_KEY: 'C5KEY', TARGET_TOGETHER_API_KEY: key };

/** Answers in the order of the questions. */
const answers = () => ['env', `${ukg.url}/services/BIDataService`, 'reader', password, 'C5KEY', 'America/New_York'];
const togetherAnswers = () => [together.url, 'org-1', 'client-1', key, 'none', 'none'];

const flags = () => [
  ...['--base-url', ukg.url, '--username', 'reader', '--time-zone', 'America/New_York'],
  ...['--region', together.url, '--organization-id', 'org-1', '--client-id', 'client-1'],
];

const type = (lines: readonly string[], name = 'target-together') =>
  start(name, ['init'], { cwd: folder, env: env(), input: lines.map((line) => `${line}\n`).join('') });
const byFlags = (args: string[], more: NodeJS.ProcessEnv = {}) =>
  start('target-together', ['init', '--yes', ...args], { cwd: folder, env: env({ ...secrets, ...more }), input: '' });

const settings = () =>
  JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, Record<string, unknown>>;
/** Lines are broken at 80 columns: without that. */
const told = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`.replace(/\s+/g, ' ');
const posts = () => together.journal.matching().filter(({ method }) => method === 'POST');

/** The files below the folder that hold a secret. */
const holders = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return false;
    const text = readFileSync(path, 'latin1');
    return [key, 'pass #1', 'C5KEY'].some((secret) => text.includes(secret));
  });

/** Every command line of this machine from now on; `end` gives them. */
function commandLines() {
  const seen = new Set<string>();
  const look = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended.
      }
    }
  }, 20);
  return {
    end: () => {
      clearInterval(look);
      return [...seen].join('\n');
    },
  };
}

it('reaches a reviewed plan from twelve answers on standard input, and sends nothing', async () => {
  await open();
  const lines = [...answers(), ...togetherAnswers()];
  expect(lines).toHaveLength(12);
  const ran = await type(lines);
  expect(ran.code, told(ran)).toBe(0);
  expect(existsSync(join(folder, 'plan.html'))).toBe(true);
  expect(ran.stdout).toContain('target-together apply plan.json --config config.json');
  expect(ran.stdout).toMatch(/This would send \d+ people/);
  expect(posts()).toEqual([]);
  expect(holders()).toEqual(['.env']);
  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, '.gitignore'), 'utf8').split('\n')).toEqual(
    expect.arrayContaining(['.env', 'config.json']),
  );
  // What it wrote is what a night needs.
  const applied = await start('target-together', ['apply', 'plan.json', '--config', 'config.json'], {
    cwd: folder,
    env: env(),
  });
  expect(applied.code, told(applied)).toBeLessThan(5);
  expect(posts().length).toBeGreaterThan(0);
});

it('does it by options and variables alone, with no secret in a command line', async () => {
  await open();
  const running = byFlags(flags());
  const seen = commandLines();
  const ran = await running;
  const ended = seen.end();
  expect(ran.code, told(ran)).toBe(0);
  const lines = ended.split('\n').filter((line) => line.includes('config.json'));
  expect(lines.length).toBeGreaterThan(2);
  for (const secret of [key, password, 'C5KEY']) expect(lines.join('\n')).not.toContain(secret);
  const { mapping: _, ...target } = settings()['target-together'] ?? {};
  expect(target).toMatchObject({
    api_url: together.url,
    api_key: 'env:TARGET_TOGETHER_API_KEY',
    time_zone: 'America/New_York',
  });
  const { streams } = JSON.parse(readFileSync(join(folder, 'catalog.json'), 'utf8')) as {
    streams: { stream: string; metadata: { breadcrumb: string[]; metadata: { selected: boolean } }[] }[];
  };
  expect(streams.map(({ stream }) => stream)).toEqual(['employees']);
  const selected = streams[0]?.metadata.flatMap(({ breadcrumb, metadata }) =>
    metadata.selected ? breadcrumb.slice(1) : [],
  );
  expect(selected).toEqual(expect.arrayContaining(['employeeId', 'emailAddress', 'keepReason']));
  expect(selected).not.toContain('workPhoneNumber');
});

/** On a terminal of 80 columns, as `script` makes one; each answer is typed when its question stands there. */
async function onTerminal(
  args: string,
  steps: readonly (readonly [string, string])[],
): Promise<{ code: number | null; shown: string }> {
  const command = `stty cols 80; exec ${bin('target-together')} init ${args}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { ...cleanEnv(), ...env(), TERM: 'xterm', SHELL: '/bin/sh' },
  });
  let [shown, from, at] = ['', 0, 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [question, answer] = steps[at] ?? [];
    if (question === undefined || !shown.slice(from).includes(question)) return;
    [from, at] = [shown.length, at + 1];
    // A prompt is drawn before it listens.
    setTimeout(() => child.stdin.write(`${answer}\r`), 300);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown };
}

const steps = () =>
  [
    ['kept?', 'ENV'],
    ['Any address', ukg.url],
    ['User name', 'reader'],
    ['Its password', password],
    ['Customer API key', 'C5KEY'],
    ['Time zone', 'America/New_York'],
    ['Region', together.url],
    ['Organization id', 'org-1'],
    ['Client id', 'client-1'],
    ['API key.', key],
    ['Which of these', 'none'],
    ['every night?', 'NONE'],
  ] as const;

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  it('asks with choices and hides secrets', async () => {
    await open();
    // The choice that stands there is taken by Enter alone.
    const ran = await onTerminal(
      '',
      steps().map(([question, answer]) => [question, /^[A-Z]+$/.test(answer) ? '' : answer]),
    );
    expect(ran.code, ran.shown).toBe(0);
    // A prompt is drawn below what was said before it.
    const order = ['With an address', 'Proposals:', '  1. ', 'Which of these'].map((text) => ran.shown.indexOf(text));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    for (const secret of [key, password, 'C5KEY']) expect(ran.shown).not.toContain(secret);
  });

  it('--plain moves no cursor, has no colours, and hides secrets all the same', async () => {
    await open();
    const ran = await onTerminal(
      '--plain',
      steps().map(([question, answer]) => [question, answer.replace(/^(ENV|NONE)$/, (word) => word.toLowerCase())]),
    );
    expect(ran.code, ran.shown).toBe(0);
    const asked = ran.shown.slice(0, ran.shown.indexOf('Reading again'));
    expect(asked).not.toContain('\u001b');
    for (const line of asked.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(80);
    for (const secret of [key, password, 'C5KEY']) expect(ran.shown).not.toContain(secret);
  });
});

describe.skipIf(process.platform !== 'linux')('a terminal of 80 columns', () => {
  const knows = (...more: (readonly [string, string])[]) => [
    ...more,
    ...steps().map(([question, answer]) => [question, answer === 'ENV' || answer === 'NONE' ? '' : answer] as const),
  ];
  const at = (more: NodeJS.ProcessEnv, known: readonly (readonly [string, string])[], args = '') =>
    atTerminal(`${bin('target-together')} init ${args}`, {
      cwd: folder,
      env: { ...cleanEnv(), ...env(), ...more },
      knows: known,
    });
  /** Lines that a terminal would break. What is typed is drawn anew with each key. */
  const wide = (shown: string) =>
    stripVTControlCharacters(shown)
      .split(/\r?\n|\r/)
      .filter((line) => line.length > 80 && !/[█_]│|[█_]◇/.test(line) && !/\S{60}/.test(line));

  it('stops at Ctrl-C in the middle, says that it goes on there, and does', async () => {
    await open();
    const stopped = await at({}, knows(['Its password', '\u0003']));
    expect(stopped.code, stopped.shown).toBe(130);
    expect(stopped.shown.replace(/\s+/g, ' ')).toContain('start again, and it goes on here');
    expect(settings()['tap-ukg-pro']).toEqual({ base_url: ukg.url, username: 'reader' });
    const again = await at({}, knows());
    expect(again.code, again.shown).toBe(0);
    // What the file has is shown, and not asked again.
    expect(again.answered).not.toContain('User name');
    expect(stripVTControlCharacters(again.shown)).toContain('username: reader (the settings file)');
    expect(wide(again.shown)).toEqual([]);
  });

  it('stops at Ctrl-C in plain lines too, and goes on', async () => {
    await open();
    const stopped = await at({}, knows(['Its password', '\u0003']), '--plain');
    expect(stopped.code, stopped.shown).toBe(130);
    const again = await at(
      {},
      [...knows().filter(([question]) => question !== 'every night?'), ['every night?', 'none']],
      '--plain',
    );
    expect(again.code, again.shown).toBe(0);
  });

  it('has neither colours nor cursor moves with NO_COLOR or on a dumb terminal', async () => {
    await open();
    for (const more of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      rmSync(join(folder, 'config.json'), { force: true });
      const stopped = await at(more, knows(['Its password', '\u0003']));
      expect(stopped.code, stopped.shown).toBe(130);
      expect(stopped.shown).not.toContain('\u001b');
      expect(wide(stopped.shown)).toEqual([]);
    }
  });
});

it('leaves a script and a crontab that run every night as they stand', async () => {
  await open();
  const made = await byFlags([...flags(), '--schedule', 'cron']);
  expect(made.code, told(made)).toBe(0);
  expect(readFileSync(join(folder, 'ukg-together.cron'), 'utf8')).toContain(`${folder}/sync.sh`);
  await promisify(execFile)(join(folder, 'sync.sh'), { cwd: tmpdir(), env: env() });
  expect(existsSync(join(folder, 'state', 'summary.json'))).toBe(true);
  expect(posts().length).toBeGreaterThan(0);
});

it('leaves both connectors of Airbyte, which a script makes there, and no secret in their files', async () => {
  await open();
  const made = await byFlags([...flags(), '--schedule', 'airbyte']);
  expect(made.code, told(made)).toBe(0);
  expect(holders()).toEqual(['.env']);
  const asked: { path: string; auth: string | undefined; body: Record<string, Record<string, unknown>> }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const kind = (request.url ?? '').split('/').at(-1)?.slice(0, -1) ?? '';
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, Record<string, unknown>>;
    asked.push({ path: request.url ?? '', auth: request.headers.authorization, body });
    response.end(JSON.stringify({ [`${kind}Id`]: `${kind}-1` }));
  };
  const airbyte = createServer((request, response) => void answer(request, response));
  airbyte.listen(0, '127.0.0.1');
  await once(airbyte, 'listening');
  const { port } = airbyte.address() as AddressInfo;
  const own = {
    AIRBYTE_URL: `http://127.0.0.1:${port}/api/public/v1/`,
    AIRBYTE_TOKEN: 't',
    AIRBYTE_WORKSPACE: 'w',
    SOURCE_DEFINITION: 's',
    DESTINATION_DEFINITION: 'd',
  };
  const create = (more: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, ['--env-file=.env', 'airbyte/create.mjs'], {
      cwd: folder,
      env: { ...cleanEnv(), ...own, ...more },
    });
  try {
    const missing = create({}).catch((thrown: { stderr: string }) => thrown.stderr);
    expect(await missing).toContain('Not set: TARGET_TOGETHER_LEDGER_KEY, REDIS_PASSWORD, REDIS_CA. Nothing was made.');
    expect(asked).toEqual([]);
    const { stdout } = await create({
      TARGET_TOGETHER_LEDGER_KEY: 'k'.repeat(64),
      REDIS_PASSWORD: 'a/b',
      REDIS_CA: 'PEM',
    });
    expect(stdout).toBe('source: source-1\ndestination: destination-1\nconnection: connection-1\n');
  } finally {
    airbyte.close();
  }
  const [source, destination, connection] = asked;
  expect(source).toMatchObject({ path: '/api/public/v1/sources', auth: 'Bearer t', body: { definitionId: 's' } });
  expect(destination?.body['configuration']).toMatchObject({
    api_key: key,
    limiter: { url: 'rediss://:a%2Fb@ukg-together-redis:6379', ca: 'PEM' },
  });
  expect(connection?.body).toMatchObject({ sourceId: 'source-1', destinationId: 'destination-1' });
  // What the platform would hand over, the connector takes: it reads with it.
  const config = join(folder, 'source.json');
  writeFileSync(config, JSON.stringify(source?.body['configuration']), { mode: 0o600 });
  const checked = await start('source-ukg-pro', ['check', '--config', config]);
  expect(checked.stdout).toContain('"status":"SUCCEEDED"');
});

it('says who is in Together already: by id, by address, and in Together only', async () => {
  await open();
  const empty = await byFlags(flags());
  expect(empty.code, told(empty)).toBe(0);
  const read = await start('tap-ukg-pro', ['--config', 'config.json', '--catalog', 'catalog.json'], {
    cwd: folder,
    env: env(),
  });
  const people = read.stdout.split('\n').flatMap((line) => {
    const message = (line === '' ? {} : JSON.parse(line)) as { type?: string; record?: Record<string, string> };
    return message.type === 'RECORD' && message.record?.['emailAddress'] ? [message.record] : [];
  });
  const [first, second] = people as [Record<string, string>, Record<string, string>];
  const headers = { 'organization-id': 'org-1', 'client-id': 'client-1', 'api-key': key };
  for (const [employeeId, email] of [
    [first['employeeId'], first['emailAddress']],
    ['OLD-ID', second['emailAddress']],
    ['GUEST', 'guest@example.com'],
  ]) {
    await new Promise((done) => setTimeout(done, 1100));
    const user = { employeeId, email, firstName: 'A', lastName: 'B', employeeStatusCode: 'A' };
    const answer = await fetch(`${together.url}/public/user`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify([user]),
    });
    expect(answer.status).toBeLessThan(300);
  }
  await new Promise((done) => setTimeout(done, 1100));
  const compared = await byFlags([...flags(), '--force']);
  expect(compared.code, told(compared)).toBe(0);
  expect(told(compared)).toContain('Together lists 3 users; 1 of the people to send are among them by employeeId');
  expect(told(compared)).toContain('1 more has the address of another record there');
  expect(told(compared)).toContain('1 in Together only, active there and in no record of this read (GUEST)');
});

it('names every answer that is missing when nobody can be asked', async () => {
  await open();
  const ran = await start('tap-ukg-pro', ['init', '--yes'], { cwd: folder, env: env() });
  expect(ran.code).toBe(2);
  for (const name of ['--base-url', '--username', 'TAP_UKG_PRO_PASSWORD', 'TAP_UKG_PRO_CUSTOMER_API_KEY'])
    expect(ran.stderr).toContain(name);
});

it('goes on where it was stopped, and asks only what is missing', async () => {
  await open();
  const first = await type(answers().slice(0, 3));
  expect([first.code, told(first)]).toEqual([
    2,
    expect.stringContaining('The input ended before password was answered'),
  ]);
  expect(settings()['tap-ukg-pro']).toEqual({ base_url: ukg.url, username: 'reader' });
  const second = await type(['env', password, 'C5KEY', 'America/New_York', ...togetherAnswers()]);
  expect(second.code, told(second)).toBe(0);
});

it('goes on after the secrets of one half, and keeps those of the other one in the same place', async () => {
  await open();
  const first = await type(['files', ...answers().slice(1, 5)]);
  expect([first.code, told(first)]).toEqual([2, expect.stringContaining('before time_zone was answered')]);
  const second = await type(['America/New_York', ...togetherAnswers()]);
  expect(second.code, told(second)).toBe(0);
  expect(told(second)).toContain('secrets: files (the settings file)');
  expect(settings()['target-together']).toMatchObject({ api_key: 'file:secrets/target_together_api_key' });
});

it('tells of a state folder that can not be made, before the first night does', async () => {
  await open();
  writeFileSync(join(folder, 'xdg'), 'a file in its place');
  const ran = await byFlags(flags());
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/state_dir .*is not a folder/)]);
});

it('keeps files that are there already, unless it is told otherwise', async () => {
  await open();
  writeFileSync(join(folder, 'plan.json'), 'mine');
  const kept = await byFlags(flags());
  expect([kept.code, kept.stderr]).toEqual([2, expect.stringContaining('plan.json: there already, and kept')]);
  expect(readFileSync(join(folder, 'plan.json'), 'utf8')).toBe('mine');
  const forced = await byFlags([...flags(), '--force']);
  expect(forced.code, told(forced)).toBe(0);
});

/** `answers`: what a person types; `says`: what the step then says; it ends well, or with `code`. */
const mistakes: Record<
  string,
  { lines: () => string[]; says: RegExp; code?: number; options?: Parameters<typeof open>[0] }
> = {
  'the page where people log in': {
    lines: () => ['env', 'https://nw11.ultiproworkplace.com/login', ...answers().slice(1), ...togetherAnswers()],
    says: /people log in; the API lives on another host/,
  },
  'an address of another kind': {
    lines: () => ['env', 'ftp://servicet.ultipro.com', ...answers().slice(1), ...togetherAnswers()],
    says: /base_url starts with ftp/,
  },
  'a host that does not answer': {
    lines: () => ['env', 'http://127.0.0.1:9', ...answers().slice(2), ukg.url, ...togetherAnswers()],
    says: /127\.0\.0\.1:9 can't be reached/,
  },
  'a colon in the user name': {
    lines: () => ['env', ukg.url, 'reader:x', ...answers().slice(2), ...togetherAnswers()],
    says: /A user name holds no colon/,
  },
  'a wrong password': {
    lines: () => [
      'env',
      ukg.url,
      'reader',
      'wrong',
      'C5KEY',
      'America/New_York',
      '',
      password,
      'C5KEY',
      ...togetherAnswers(),
    ],
    says: /the credentials are wrong/,
  },
  'a wrong customer API key': {
    lines: () => [
      'env',
      ukg.url,
      'reader',
      password,
      'WRONG',
      'America/New_York',
      '',
      password,
      'C5KEY',
      ...togetherAnswers(),
    ],
    says: /the credentials are wrong/,
  },
  'a missing right': {
    options: { ukg: { rights: ['Employee Person Details', 'Company Configuration Integration'] } },
    lines: () => [...answers(), 'no'],
    says: /View right is missing for: Personnel Integration/,
    code: 6,
  },
  'a time zone by a name of its own': {
    lines: () => [...answers().slice(0, 5), 'Eastern', 'America/New_York', ...togetherAnswers()],
    says: /knows no such zone/,
  },
  'a region that does not exist': {
    lines: () => [...answers(), 'uk', ...togetherAnswers()],
    says: /regions are us, eu, ca and au/,
  },
  'a Together that does not answer': {
    lines: () => [
      ...answers(),
      'http://127.0.0.1:9',
      ...togetherAnswers().slice(1, 4),
      ...togetherAnswers().slice(0, 1),
      'none',
      'none',
    ],
    says: /127\.0\.0\.1:9 can't be reached/,
  },
  'a wrong key of Together': {
    lines: () => [...answers(), together.url, 'org-1', 'client-1', 'wrong', '', '', '', key, 'none', 'none'],
    says: /answered HTTP 401/,
  },
  'a wrong organization id': {
    lines: () => [...answers(), together.url, 'org-2', 'client-1', key, '', 'org-1', '', key, 'none', 'none'],
    says: /Check organization_id, client_id, api_key and region/,
  },
  'a place for secrets that is not there': {
    lines: () => ['vault', ...answers(), ...togetherAnswers()],
    says: /The answer is one of: env, files, keychain, references/,
  },
  'a secret where only a reference will do': {
    lines: () => ['references', ukg.url, 'reader', password],
    says: /That is no reference/,
    code: 2,
  },
  'a number that no proposal has': {
    lines: () => [...answers(), ...togetherAnswers().slice(0, 4), '99', 'none', 'none'],
    says: /The answer is all, none, or numbers from 1/,
  },
};

describe.each(Object.entries(mistakes))('%s', (_, { lines, says, code = 0, options }) => {
  it('is named at the step that makes it', async () => {
    await open(options);
    const ran = await type(lines());
    expect(told(ran)).toMatch(says);
    expect(ran.code, told(ran)).toBe(code);
    for (const secret of [key, password]) expect(told(ran)).not.toContain(secret);
  });
});

it('refuses a secret in a command line', async () => {
  await open();
  const ran = await start(
    'tap-ukg-pro',
    ['init', '--yes', '--username', 'reader', '--base-url', ukg.url, '--password', 'secret'],
    {
      cwd: folder,
      env: env(secrets),
    },
  );
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('--password takes a reference')]);
});

it('names a folder that it can’t write, before the first question', async () => {
  await open();
  for (const name of ['tap-ukg-pro', 'target-together']) {
    const ran = await start(name, ['init', '--config', join(folder, 'none', 'config.json')], {
      cwd: folder,
      env: env(),
    });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("can't be written")]);
    expect(ran.stdout).not.toContain('?');
  }
});

it('keeps secrets in files of their own', async () => {
  await open();
  mkdirSync(join(folder, 'sub'));
  const ran = await byFlags([...flags(), '--secrets', 'files', '--config', 'sub/config.json']);
  expect(ran.code, told(ran)).toBe(0);
  expect(holders().sort()).toEqual(
    ['customer_api_key', 'password']
      .map((name) => `sub/secrets/tap_ukg_pro_${name}`)
      .concat('sub/secrets/target_together_api_key'),
  );
});

/** Programs that keep secrets, as this machine's own would: in a folder, each under its account. */
const keychains = {
  'secret-tool': `#!/bin/sh
[ "$1" = --help ] && exit 0
printf '%s\\n' "$0 $*" >>"$KEYRING/command-lines"
for account; do :; done
if [ "$1" = store ]; then cat >"$KEYRING/$account"; else cat "$KEYRING/$account"; fi
`,
  security: `#!/bin/sh
[ "$1" = --help ] && exit 0
printf '%s\\n' "$0 $*" >>"$KEYRING/command-lines"
if [ "$1" = -i ]; then
  read -r line
  account=$(printf '%s\\n' "$line" | sed 's/.* -a \\([A-Z_]*\\) -w .*/\\1/')
  printf '%s\\n' "$line" | sed 's/.* -w "\\(.*\\)"$/\\1/; s/\\\\\\(.\\)/\\1/g' >"$KEYRING/$account"
else cat "$KEYRING/$5"; fi
`,
};

describe.each(Object.keys(keychains) as (keyof typeof keychains)[])('%s', (tool) => {
  it('keeps secrets, and nothing else on the disk or in a command line does', async () => {
    await open();
    const ring = mkdtempSync(join(tmpdir(), 'ring-'));
    try {
      const tools = join(ring, 'bin');
      mkdirSync(tools);
      writeFileSync(join(tools, tool), keychains[tool], { mode: 0o755 });
      const seen = commandLines();
      const path = `${tools}:${env()['PATH']}`;
      const more = { KEYRING: ring, HOME: folder, HISTFILE: join(folder, '.history'), PATH: path };
      const ran = await byFlags([...flags(), '--secrets', 'keychain'], more);
      // The program notes its own: it may be too quick to be seen among those that run.
      const lines = `${seen.end()}\n${readFileSync(join(ring, 'command-lines'), 'utf8')}`;
      expect(ran.code, told(ran)).toBe(0);
      expect(holders()).toEqual([]);
      expect(readFileSync(join(ring, 'TAP_UKG_PRO_PASSWORD'), 'utf8').trimEnd()).toBe(password);
      expect(settings()['tap-ukg-pro']?.['password']).toMatch(new RegExp(`^exec:${tool} .*TAP_UKG_PRO_PASSWORD`));
      expect(lines).toContain(tool);
      for (const secret of [key, password, 'C5KEY']) expect(`${lines}${told(ran)}`).not.toContain(secret);
    } finally {
      rmSync(ring, { recursive: true });
    }
  });
});

it('takes secrets from a store by a command, and keeps the command alone', async () => {
  await open();
  const store = mkdtempSync(join(tmpdir(), 'store-'));
  try {
    const references = Object.entries({ password, 'customer-api-key': 'C5KEY', 'api-key': key }).flatMap(
      ([name, secret]) => {
        writeFileSync(join(store, name), secret);
        return [`--${name}`, `exec:cat ${join(store, name)}`];
      },
    );
    const seen = commandLines();
    const args = ['init', '--yes', '--secrets', 'references', ...flags(), ...references];
    const ran = await start('target-together', args, { cwd: folder, env: env({ HOME: folder }), input: '' });
    const lines = seen.end();
    expect(ran.code, told(ran)).toBe(0);
    expect(holders()).toEqual([]);
    for (const secret of [key, password, 'C5KEY']) expect(`${lines}${told(ran)}`).not.toContain(secret);
  } finally {
    rmSync(store, { recursive: true });
  }
});
