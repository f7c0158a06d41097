/** What a doctor can check of the machine, with no setting or with half of them. */
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectorError, errorCode, errorText, said } from '../error.ts';
import { isSameClock, type OtherZone } from '../settings/other-half.ts';
import { type Check, type Outcome, skipped } from './finding.ts';

export interface Machine {
  /** Version of Node.js, without a v. */
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly timeZone: string;
  /** Bytes that this user may still write where the path is. */
  free(path: string): Promise<number>;
}

export const thisMachine: Machine = {
  node: process.versions.node,
  platform: process.platform,
  arch: process.arch,
  timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  free: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

export interface Half {
  readonly name: string;
  readonly version: string;
  /** `engines.node` of its package: alternatives of `^1.2.3` and `>=1.2.3`. */
  readonly engines: string;
}

export interface Surroundings {
  readonly half: Half;
  /** The proxy on the way to the host. Throws where it can't be one. */
  readonly proxy: () => URL | undefined;
  /** The setting `time_zone`. */
  readonly timeZone: string;
  /** That of the other half, in the same files. */
  readonly otherZone: OtherZone | undefined;
  /** Where the half writes; `own`: no other user has to look into it. A text: why no folder can be looked at. */
  readonly folder: { readonly path: string; readonly own: boolean } | string;
  /** What was warned of while the settings were read: rights of their files, settings that do not exist. */
  readonly warnings: readonly string[];
}

export function machineChecks(about: Surroundings, machine: Machine = thisMachine): Check[] {
  const { half, folder } = about;
  const inFolder = (job: (path: string, own: boolean) => Promise<Outcome>) => async () =>
    typeof folder === 'string' ? skipped(folder) : await job(folder.path, folder.own);
  return [
    ['versions', () => `${half.name} ${half.version}, Node.js ${machine.node}, ${machine.platform} ${machine.arch}.`],
    ['node', () => nodeCheck(machine.node, half.engines)],
    ['disk', inFolder((path) => diskCheck(path, machine))],
    ['permissions', inFolder((path, own) => permissionCheck(path, own && machine.platform !== 'win32'))],
    [
      'proxy',
      () => {
        const proxy = about.proxy();
        return proxy ? `Requests go through ${proxy.host}.` : 'No proxy is used.';
      },
    ],
    ['settings files', () => warningsOutcome(about.warnings)],
    ['time zone', () => zoneOutcome(about, machine)],
  ];
}

function zoneOutcome({ timeZone, otherZone }: Surroundings, machine: Machine): Outcome {
  const message = `${timeZone} by time_zone, which decides; this machine's is ${machine.timeZone}.`;
  if (otherZone === undefined || isSameClock(timeZone, otherZone.zone)) return message;
  return {
    verdict: 'warning',
    message: `${message} ${otherZone.half} has ${otherZone.zone} in the same settings: for hours of each day the halves mean two days.`,
    hint: 'Give both halves the same time_zone: that of your UKG.',
  };
}

function warningsOutcome(warnings: readonly string[]): Outcome {
  if (warnings.length === 0)
    return 'Others can neither read their secrets nor change them, and every setting in them exists.';
  const message = warnings.join('\n');
  return { verdict: 'warning', message, hint: 'Each line says what to do; docs/settings.md lists every setting.' };
}

function nodeCheck(node: string, engines: string): Outcome {
  const at = numbers(node);
  const fits = engines.split('||').some((range) => {
    const least = numbers(range);
    const isAbove = (at.map((part, i) => part - (least[i] ?? 0)).find((part) => part !== 0) ?? 0) >= 0;
    return isAbove && (!range.includes('^') || at[0] === least[0]);
  });
  if (fits) return `Node.js ${node} is supported.`;
  return { verdict: 'warning', message: `Node.js ${node} is not supported.`, hint: `Install one of: ${engines}.` };
}

const numbers = (version: string) => [...version.matchAll(/\d+/g)].slice(0, 3).map(Number);

const leastFree = 200_000_000;

async function diskCheck(path: string, machine: Machine): Promise<Outcome> {
  const { at } = await existing(path);
  const free = await machine.free(at);
  const message = `${Math.floor(free / 1_000_000)} MB are free for ${path}.`;
  if (free >= leastFree) return message;
  return {
    verdict: 'warning',
    message,
    hint: `Make room: a run wants ${leastFree / 1_000_000} MB, and can't keep what it did on a full disk.`,
  };
}

async function permissionCheck(path: string, own: boolean): Promise<Outcome> {
  const { at, mode } = await existing(path);
  try {
    await access(at, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw new ConnectorError('settings', said`${at} can't be written: ${errorText(thrown)}.`, {
      hint: `Give this user the right to write there (chown, chmod u+rwx), or name another folder.`,
    });
  }
  if (at !== path) return `${path} is not there yet, and can be made.`;
  if (!own || (mode & 0o077) === 0) return `${path} can be written${own ? ', by this user alone' : ''}.`;
  return {
    verdict: 'warning',
    message: `Other users of this machine can look into ${path}.`,
    hint: `chmod 700 ${path}`,
  };
}

/** The folder, or the nearest one above that is there. */
async function existing(path: string): Promise<{ at: string; mode: number }> {
  try {
    return { at: path, mode: (await stat(path)).mode };
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown)) && dirname(path) !== path)
      return await existing(dirname(path));
    throw new ConnectorError('settings', said`${path} can't be looked at: ${errorText(thrown)}.`);
  }
}
