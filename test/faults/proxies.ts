/** A company's proxy between us and the internet: names are led to it unresolved, so that this needs no network. */
import type { House } from '../support/pipe.ts';
import {
  type Case,
  configureCell,
  judge,
  leaks,
  openCellHouse,
  recover,
  sentences,
  syncWithin,
  type Verdict,
} from './cell.ts';
import type { Pem } from './support/certificates.ts';
import { type ProxyOptions, type ProxyServer, startProxy } from './support/proxy.ts';
import { certificates } from './tls.ts';

/** Together's name differs from cell to cell: runs against one organization would wait for each other's lock. */
let names = 0;
const hostsOf = () => ({ ukg: 'ukg.example.com', together: `together-${names++}.example.com` });
type Hosts = ReturnType<typeof hostsOf>;

/** Both servers by name, behind a proxy. Together's real interval holds, since this is no loopback address any more. */
async function behindProxy(
  proxy: Partial<ProxyOptions>,
  ukgTls: Pem,
  test: (house: House, env: NodeJS.ProcessEnv, proxy: ProxyServer, hosts: Hosts) => Promise<Verdict>,
): Promise<Verdict> {
  const { good, authority } = certificates();
  const hosts = hostsOf();
  const house = await openCellHouse({ ukg: { tls: ukgTls, people: 60 }, together: { tls: good }, intervalMs: 1000 });
  const routes = { [hosts.ukg]: house.ukg.port, [hosts.together]: house.together.port };
  const started = await startProxy({ routes, ...proxy });
  try {
    const target = { api_url: `https://${hosts.together}`, batch_size: 40 };
    configureCell(house, { base_url: `https://${hosts.ukg}` }, target);
    return await test(house, { SSL_CERT_FILE: authority, HTTPS_PROXY: started.url }, started, hosts);
  } finally {
    await started.close();
    await house.close();
  }
}

const row = 'behind a proxy (HTTPS_PROXY)';
const one = (column: string, run: Case['run']): Case => ({
  name: `machine: ${row}: ${column}`,
  row,
  column,
  group: 'machine',
  run,
});
const both = (env: NodeJS.ProcessEnv) => ({ tapEnv: env, targetEnv: env });

const through = (
  column: string,
  options: Partial<ProxyOptions>,
  change: (env: NodeJS.ProcessEnv) => NodeJS.ProcessEnv = (env) => env,
) =>
  one(column, () =>
    behindProxy(options, certificates().good, async (house, env, proxy, hosts) => {
      const run = await syncWithin(house, both(change(env)));
      const verdict = await judge(house, run, 'together', { next: both(change(env)), codes: new Set() });
      const asked = new Set(proxy.asked);
      if (asked.has(hosts.ukg) && asked.has(hosts.together)) return verdict;
      return { ...verdict, verdict: 'failed', problems: [...verdict.problems, 'the proxy was not asked for both'] };
    }),
  );

/** A proxy that lets nobody through: a loud stop, and all is well once it does. */
const blocked = (column: string, options: Partial<ProxyOptions>, expected: RegExp) =>
  one(column, () =>
    behindProxy(options, certificates().good, async (house, env, _proxy, hosts) => {
      const run = await syncWithin(house, both(env));
      const problems: string[] = [];
      if (run.hung) problems.push('hung');
      if (run.tap.code !== 5) problems.push(`exit code ${run.tap.code} instead of 5`);
      const said = / \| ERROR +\| \S+ +\| (.*)/.exec(run.tap.stderr)?.[1] ?? '';
      if (!expected.test(said)) problems.push(`an unclear sentence: ${said}`);
      const open = await startProxy({ routes: { [hosts.ukg]: house.ukg.port, [hosts.together]: house.together.port } });
      problems.push(...(await recover(house, both({ ...env, HTTPS_PROXY: open.url }))));
      await open.close();
      const verdict = problems.length > 0 ? 'failed' : 'stopped';
      return { verdict, tap: run.tap.code, target: run.target.code, said, problems };
    }),
  );

/** The tunnel leads to a server whose certificate names another host: nothing may be sent through it. */
const impostor = one('the certificate behind it is of another host', () =>
  behindProxy({}, certificates().otherHost, async (house, env) => {
    const run = await syncWithin(house, both(env));
    const said = sentences(run.tap)[0] ?? '';
    const problems = leaks(house, run);
    if (run.tap.code !== 5) problems.push(`exit code ${run.tap.code} instead of 5`);
    if (house.ukg.journal.entries.length > 0) problems.push('a request got through');
    if (!/ALTNAME/.test(said)) problems.push(`an unclear sentence: ${said}`);
    const verdict = problems.length > 0 ? 'failed' : 'stopped';
    return { verdict, tap: run.tap.code, target: run.target.code, said, problems };
  }),
);

export const proxyCases: readonly Case[] = [
  impostor,
  through('all goes through it', {}),
  through('with a user and a password', { credentials: 'proxyuser:proxypass' }, (env) => ({
    ...env,
    HTTPS_PROXY: `${env['HTTPS_PROXY']}`.replace('//', '//proxyuser:proxypass@'),
  })),
  through('it cuts the tunnel three times', { cut: { afterBytes: 9000, times: 3 } }),
  through('its address without http://', {}, (env) => ({
    ...env,
    HTTPS_PROXY: `${env['HTTPS_PROXY']}`.replace('http://', ''),
  })),
  through('its address in ALL_PROXY', {}, ({ HTTPS_PROXY, ...env }) => ({ ...env, ALL_PROXY: HTTPS_PROXY })),
  blocked('it wants a password', { credentials: 'proxyuser:proxypass' }, /PROXY_ANSWERED_407/),
  blocked('it refuses', { refuse: 502 }, /PROXY_ANSWERED_502/),
  blocked('it says nothing', { refuse: 0 }, /TIMEOUT|timed out/i),
];
