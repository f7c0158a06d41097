/** Encryption that must not be trusted, and the ways in which a company's own authority is. */
import { startTogether } from '@ukg-together/sandbox/together-server';
import { startUkg } from '@ukg-together/sandbox/ukg-server';
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
import { type Certificates, makeCertificates, type Pem } from './support/certificates.ts';
import type { Side } from './wire-faults.ts';

let made: Certificates | undefined;

/** Made once for the process; removed when it ends. */
export function certificates(): Certificates {
  if (!made) {
    made = makeCertificates();
    process.once('exit', () => made?.remove());
  }
  return made;
}

interface Tls extends Pem {
  readonly maxVersion?: 'TLSv1.1';
  readonly minVersion?: 'TLSv1' | 'TLSv1.1';
  readonly ciphers?: string;
}

type Untrusted = readonly [row: string, tls: (all: Certificates) => Tls, env: (all: Certificates) => NodeJS.ProcessEnv];

const trust = ({ authority }: Certificates) => ({ SSL_CERT_FILE: authority });
const untrusted: readonly Untrusted[] = [
  ['certificate signed by itself', (all) => all.selfSigned, trust],
  ['certificate expired', (all) => all.expired, trust],
  ['certificate of another host', (all) => all.otherHost, trust],
  ['certificate of an unknown authority', (all) => all.good, () => ({})],
  [
    'certificate of an unknown authority, NODE_TLS_REJECT_UNAUTHORIZED=0',
    (all) => all.good,
    () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
  ],
  [
    'TLS 1.1 only',
    (all) => ({ ...all.good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    trust,
  ],
  [
    'TLS 1.1 only, NODE_OPTIONS=--tls-min-v1.0',
    (all) => ({ ...all.good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    (all) => ({ ...trust(all), NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0' }),
  ],
];

const sides: readonly Side[] = ['ukg', 'together'];

const refused: readonly Case[] = untrusted.flatMap(([row, tls, env]) =>
  sides.map((side): Case => {
    const column = `of ${side}`;
    return { name: `machine: ${row}: ${column}`, row, column, group: 'machine', run: () => refuse(side, tls, env) };
  }),
);

/** Nothing may reach the server, credentials least of all. */
async function refuse(side: Side, tls: Untrusted[1], env: Untrusted[2]): Promise<Verdict> {
  const all = certificates();
  const house = await openCellHouse({ [side]: { tls: tls(all) } });
  try {
    configureCell(house);
    const run = await syncWithin(house, { tapEnv: env(all), targetEnv: env(all) });
    const problems = leaks(house, run);
    const mine = side === 'ukg' ? run.tap : run.target;
    if (house[side].journal.entries.length > 0) problems.push('a request got through');
    if (mine.code !== 5) problems.push(`exit code ${mine.code} instead of 5`);
    const said = sentences(mine)[0] ?? '';
    if (!/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL|PROTO/i.test(said)) problems.push(`no word about TLS: ${said}`);
    if (/ after [2-9] tries/.test(said)) problems.push('tried again what no second try mends');
    if (run.hung) problems.push('hung');
    problems.push(...(await mended(house, side)));
    const verdict = problems.length > 0 ? 'failed' : 'stopped';
    return { verdict, tap: run.tap.code, target: run.target.code, said, problems };
  } finally {
    await house.close();
  }
}

/** The same with a certificate that is right, behind the same settings but for the port. */
async function mended(house: House, side: Side): Promise<string[]> {
  const { good, authority } = certificates();
  const env = { tapEnv: { SSL_CERT_FILE: authority }, targetEnv: { SSL_CERT_FILE: authority } };
  if (side === 'ukg') {
    const ukg = await startUkg({ world: house.ukg.world, tls: good });
    configureCell(house, { base_url: ukg.url });
    const problems = await recover(house, env);
    await ukg.close();
    return problems;
  }
  const together = await startTogether({ tls: good, intervalMs: house.together.options.intervalMs ?? 1000 });
  configureCell(house, {}, { api_url: together.url });
  const problems = await recover({ ...house, together }, env);
  await together.close();
  return problems;
}

const trusted: readonly Case[] = (['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const).map((variable) => ({
  name: `machine: a company's own authority: ${variable}`,
  row: "a company's own authority",
  column: variable,
  group: 'machine',
  run: async () => {
    const { good, authority } = certificates();
    const house = await openCellHouse({ ukg: { tls: good }, together: { tls: good } });
    try {
      configureCell(house);
      const env = { [variable]: authority };
      const both = { tapEnv: env, targetEnv: env };
      return await judge(house, await syncWithin(house, both), 'together', { next: both, codes: new Set() });
    } finally {
      await house.close();
    }
  },
}));

export const tlsCases: readonly Case[] = [...refused, ...trusted];
