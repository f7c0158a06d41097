/** Mistakes of a first hour, against a tenant and a Together that are not the sandbox: each is named at the step that makes it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import {
  type ForeignTogether,
  type ForeignTogetherOptions,
  startForeignTogether,
} from '../support/foreign/together.ts';
import { type ForeignUkg, type ForeignUkgOptions, startForeignUkg } from '../support/foreign/ukg.ts';
import { bin, cleanEnv, type Ran, start } from '../support/pipe.ts';

let folder: string;
let ukg: ForeignUkg;
let together: ForeignTogether;
const closing: (() => Promise<unknown>)[] = [];

async function open(options: { ukg?: ForeignUkgOptions; together?: ForeignTogetherOptions } = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'mistakes-'));
  ukg = await startForeignUkg(options.ukg);
  together = await startForeignTogether(options.together);
  closing.push(ukg.close, together.close);
}
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  rmSync(folder, { recursive: true, force: true });
});

/** A server that answers everything alike; gives its address. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  closing.push(
    () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  );
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  XDG_STATE_HOME: join(folder, 'xdg'),
  PATH: `${dirname(bin('tap-ukg-pro'))}:${process.env['PATH']}`,
  ...more,
});
type Half = 'tap-ukg-pro' | 'target-together';

/** What a person types into one half's `init`, until they stop. */
const type = (half: Half, lines: readonly string[], more?: NodeJS.ProcessEnv) =>
  start(half, ['init', ...(half === 'target-together' ? ['--tap', 'none'] : [])], {
    cwd: folder,
    env: env(more),
    input: lines.map((line) => `${line}\n`).join(''),
  });

/** In the order of the questions, with other words for some. */
const ukgLines = (other: { url?: string; username?: string; password?: string; key?: string } = {}) => [
  other.url ?? ukg.url,
  other.username ?? ukg.account.username,
  'env',
  other.password ?? ukg.account.password,
  other.key ?? ukg.account.customerKey,
  'Europe/Berlin',
];
const togetherLines = (other: { url?: string; organization?: string; client?: string; key?: string } = {}) => [
  'env',
  'Europe/Berlin',
  other.url ?? together.url,
  other.organization ?? together.account.organization,
  other.client ?? together.account.client,
  other.key ?? together.account.key,
];
/** Lines are broken at 80 columns: without that. */
const told = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`.replace(/\s+/g, ' ');

async function expectTold(running: Promise<Ran>, says: RegExp, code?: number): Promise<void> {
  const ran = await running;
  expect(told(ran)).toMatch(says);
  if (code !== undefined) expect(ran.code, told(ran)).toBe(code);
  for (const secret of [ukg.account.password, together.account.key]) expect(told(ran)).not.toContain(secret);
  expect(together.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
}

it('what is right is taken, in any form that an address has', async () => {
  await open();
  const url = ` ${ukg.url.replace('http', 'HTTP')}/services/BIDataService?wsdl `;
  const ran = await type('tap-ukg-pro', ukgLines({ url }));
  expect(ran.code, told(ran)).toBe(0);
  const other = await type('target-together', togetherLines());
  expect(other.code, told(other)).toBe(0);
});

it('1: the User API key where the customer’s is asked for', async () => {
  await open();
  await expectTold(type('tap-ukg-pro', ukgLines({ key: 'AB12CD34EF56' })), /twelve characters.* is the User API key/);
});

it('2: a key with its quotes', async () => {
  await open();
  await expectTold(type('tap-ukg-pro', ukgLines({ key: '"NL7Q2"' })), /without the quotes/);
  await expectTold(type('target-together', togetherLines({ organization: '“nordlicht-eu”' })), /without the quotes/);
});

it('3: blanks around a key do no harm', async () => {
  await open();
  const ran = await type('target-together', togetherLines({ key: `  ${together.account.key}  ` }));
  expect(ran.code, told(ran)).toBe(0);
});

it.each(['Employee Person Details', 'Personnel Integration', 'Company Configuration Integration'])(
  '4–6: the right to %s is missing',
  async (missing) => {
    const rights = ['Employee Person Details', 'Personnel Integration', 'Company Configuration Integration'];
    await open({ ukg: { rights: rights.filter((right) => right !== missing) } });
    const says = new RegExp(`View right is missing for: ${missing}.*Service Account Administration.*"${missing}"`);
    await expectTold(type('tap-ukg-pro', [...ukgLines(), 'no']), says, 6);
  },
);

it('7: an account that is suspended or locked is no wrong password', async () => {
  await open({ ukg: { refuse: { status: 403, body: '{"message":"Account suspended"}' } } });
  await expectTold(type('tap-ukg-pro', ukgLines()), /suspended|locked/);
});

it('8: a password that has expired', async () => {
  await open({ ukg: { refuse: { status: 401, body: 'Password expired' } } });
  await expectTold(type('tap-ukg-pro', ukgLines()), /credentials are wrong.*(expired|locked)/);
});

it('9: the host of the pages, which answers with a page', async () => {
  await open({
    ukg: { refuse: { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } } },
  });
  await expectTold(type('tap-ukg-pro', ukgLines()), /base_url|proxy, a portal/);
  // The address is asked for again, and the mistake ends as a sentence where no one can be asked.
  await expectTold(
    type('tap-ukg-pro', [ukg.url]),
    /No web service has answered as UKG does: check base_url.*Any address that UKG Pro shows/,
  );
  const ran = await start('tap-ukg-pro', ['init', '--yes'], { cwd: folder, env: env() });
  expect([ran.code, ran.stderr]).toEqual([
    5,
    expect.stringMatching(/ERROR.*web services failed.*check base_url.*See https/),
  ]);
});

it('10: a Together of another region, which does not know the organization', async () => {
  await open({ together: { refuse: { status: 401, body: '' } } });
  await expectTold(type('target-together', togetherLines()), /HTTP 401.*region.*\? Region of your organization/, 2);
});

it('11: organization id and client id the wrong way round', async () => {
  await open();
  const { organization, client } = together.account;
  const lines = togetherLines({ organization: client, client: organization });
  await expectTold(type('target-together', lines), /Check organization_id, client_id, api_key and region/, 2);
});

it('12: a proxy that wants a password', async () => {
  await open();
  const proxy = await listening(
    createServer((_, response) => response.writeHead(407).end()).on('connect', (_, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    ),
  );
  const more = { HTTPS_PROXY: `http://${proxy}` };
  const running = type('tap-ukg-pro', ukgLines({ url: 'https://service5.ultipro.com' }), more);
  await expectTold(running, /can't be reached.*(407|proxy).*HTTPS_PROXY/i);
});

it('13: a certificate of an authority that this machine does not know', async () => {
  await open();
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
  execFileSync('openssl', [...args, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', 'key', '-out', 'cert'], {
    cwd: folder,
    stdio: 'ignore',
  });
  const [key, cert] = ['key', 'cert'].map((name) => readFileSync(join(folder, name)));
  const host = await listening(createTlsServer({ key, cert } as object, (_, response) => response.end('[]')));
  await expectTold(type('tap-ukg-pro', ukgLines({ url: `https://${host}` })), /certificate.*NODE_EXTRA_CA_CERTS/);
  await expectTold(
    type('target-together', togetherLines({ url: `https://${host}` })),
    /(self-signed|certificate|SELF_SIGNED).*NODE_EXTRA_CA_CERTS/i,
  );
});

it('14: a clock that is wrong', async () => {
  await open({ ukg: { aheadMs: 600_000 }, together: { aheadMs: 600_000 } });
  await expectTold(type('tap-ukg-pro', ukgLines()), /clock is (59|60)\d s behind the server's.*timedatectl/, 0);
  await expectTold(
    type('target-together', togetherLines()),
    /clock is (59|60)\d s behind the server's.*timedatectl/,
    0,
  );
});

it('15: a tenant without a person', async () => {
  await open({ ukg: { people: 0 } });
  const lines = [...togetherLines().slice(0, 1), ...ukgLines().filter((line) => line !== 'env')];
  const running = start('target-together', ['init'], {
    cwd: folder,
    env: env(),
    input: [...lines, ...togetherLines().slice(2)].map((line) => `${line}\n`).join(''),
  });
  await expectTold(running, /brought no person.*rights/, 2);
});

it('16: a settings file that is there already, and is of another kind', async () => {
  await open();
  writeFileSync(join(folder, 'config.json'), '{"region": "eu"}');
  await expectTold(type('target-together', togetherLines()), /outside of a section: region/, 2);
  writeFileSync(join(folder, 'config.json'), '{"region": ');
  await expectTold(type('target-together', togetherLines()), /config\.json is not valid JSON/, 2);
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{"region": ');
});

it('17: a file of secrets that git keeps already', async () => {
  await open();
  writeFileSync(join(folder, '.env'), 'A=1\n');
  for (const args of [
    ['init', '-q'],
    ['add', '.env'],
  ])
    execFileSync('git', args, { cwd: folder });
  for (const half of ['tap-ukg-pro', 'target-together'] as const)
    await expectTold(type(half, half === 'tap-ukg-pro' ? ukgLines() : togetherLines()), /git rm --cached \.env/, 2);
  expect(readFileSync(join(folder, '.env'), 'utf8')).toBe('A=1\n');
});

it('18: a time zone as people say it', async () => {
  await open();
  await expectTold(type('tap-ukg-pro', [...ukgLines().slice(0, 5), 'CET+1']), /knows no such zone/, 2);
});

it('19: a user name with the domain’s colon', async () => {
  await open();
  await expectTold(type('tap-ukg-pro', ukgLines({ username: 'corp:svc' })), /A user name holds no colon/);
});

/** With the folder of the settings on a disk of its own, in a mount that ends with the process. */
const onDisk = (options: string, before: string, lines: readonly string[]): Ran => {
  mkdirSync(join(folder, 'disk'), { recursive: true });
  const inner = `mount -t tmpfs -o ${options} none "$0" && cd "$0" && ${before} && exec "$@"`;
  const args = ['--mount', 'sh', '-c', inner, join(folder, 'disk'), bin('target-together'), 'init', '--tap', 'none'];
  const input = lines.map((line) => `${line}\n`).join('');
  const made = spawnSync('unshare', args, { encoding: 'utf8', input, env: { ...cleanEnv(), ...env() } });
  return { code: made.status, signal: made.signal, stdout: made.stdout, stderr: made.stderr };
};
const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

it.skipIf(!canMount)('20: a folder that can only be read', async () => {
  await open();
  const ran = onDisk('ro', 'true', togetherLines());
  expect([ran.code, told(ran)]).toEqual([2, expect.stringMatching(/can't be written.*(EROFS|read-only).*--config/i)]);
  expect(ran.stdout).not.toContain('?');
});

it.skipIf(!canMount)('21: a disk that is full', async () => {
  await open();
  const ran = spawnFull();
  expect([ran.code, told(ran)]).toEqual([2, expect.stringMatching(/can't be written: .*(ENOSPC|no space|full)/i)]);
});

const spawnFull = () => onDisk('size=8k', 'head -c 100000 /dev/zero >full 2>/dev/null || true', togetherLines());
