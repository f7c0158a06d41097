/**
 * Secrets by reference: `env:NAME`, `file:PATH`, `exec:command`, and the stores of secret-stores.ts. A reference is
 * resolved once, at the start; the value goes to the redactor and into the settings in memory, nowhere else.
 */

import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ConnectorError, errorText, said } from '../error.ts';
import { foreign } from '../files/foreign.ts';
import type { SecretDeps } from './secret-deps.ts';

const local = /^(env|file|exec):/;
const stores = /^(vault|doppler|aws\+sm|gcp\+sm|azure\+kv):\/\//;

/** Whether a setting's text points to a value instead of being it. */
export function isReference(text: unknown): text is string {
  return typeof text === 'string' && (local.test(text) || stores.test(text));
}

/** Whether it names something outside this machine: such references are understood in settings that are no secret, too. */
export function isStoreReference(text: unknown): text is string {
  return typeof text === 'string' && (stores.test(text) || text.startsWith('env:'));
}

/** The value behind a reference. Throws ConnectorError with the reference, never with what it gave. */
export async function resolveSecret(reference: string, deps: SecretDeps): Promise<string> {
  const [, scheme = ''] = local.exec(reference) ?? [];
  const rest = reference.slice(scheme.length + 1);
  refuseUnlessAllowed(scheme, deps);
  if (scheme === 'env') return filled(deps.env[rest], `The environment variable ${rest}`);
  if (scheme === 'file') return filled(await fileSecret(rest), `The secret file ${rest}`);
  if (scheme === 'exec') return filled(await commandSecret(rest, deps), 'The command of an exec: secret');
  const { storeSecret } = await import('./stores.ts');
  return filled(await storeSecret(reference, deps), `The secret ${reference}`);
}

function filled(value: string | undefined, what: string): string {
  // Editors put a byte order mark before it and a line end behind it; neither can be meant.
  const text = value?.replace(/^\ufeff/, '').replace(/\r?\n$/, '');
  if (text === undefined) throw new ConnectorError('settings', said`${what} is not set.`);
  if (text === '') throw new ConnectorError('settings', said`${what} is empty.`);
  return text;
}

/** The variables that let a platform's settings reach into the machine that the connector runs on. */
const allowing: Readonly<Record<string, string>> = { exec: 'ALLOW_SECRET_EXEC', file: 'ALLOW_SECRET_FILE' };

function refuseUnlessAllowed(scheme: string, { env, ofPlatform }: SecretDeps): void {
  const variable = allowing[scheme];
  if (!ofPlatform || variable === undefined || /^(true|1|yes|on)$/i.test(env[variable] ?? '')) return;
  throw new ConnectorError(
    'settings',
    said`References with ${scheme}: are off here: ${variable} does not allow them.`,
    {
      hint: `Set ${variable}=true in the environment of the connector, if those who fill in its settings may do that there.`,
    },
  );
}

async function fileSecret(path: string): Promise<string> {
  if (!isAbsolute(path))
    throw new ConnectorError(
      'settings',
      said`The secret file ${path} is a relative path, which counts in a settings file of your own only.`,
      {
        hint: 'Write the whole path.',
      },
    );
  try {
    const handle = await open(path);
    try {
      // Whose it is counts for nothing: secrets of containers belong to users of the machine outside.
      const { mode, gid } = await handle.stat();
      const why = foreign({ uid: 0, mode, gid });
      if (why !== undefined) throw openToOthers(path, why);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError('settings', said`The secret file ${path} can't be read: ${errorText(error)}.`);
  }
}

const openToOthers = (path: string, why: string) =>
  new ConnectorError('settings', said`The secret file ${path} ${why}, who could put another secret there.`, {
    hint: `chmod go-w ${path}`,
  });

async function commandSecret(line: string, deps: SecretDeps): Promise<string> {
  const [command, ...args] = words(line);
  if (command === undefined) throw new ConnectorError('settings', said`An exec: secret names no command.`);
  try {
    return await (deps.exec ?? runCommand)(command, args);
  } catch (error) {
    // Neither the arguments nor the output: either may hold what must not be seen.
    const killed = (error as { killed?: unknown }).killed === true;
    const reason = killed ? 'took longer than 30 seconds' : `failed: ${errorText(error)}`;
    throw new ConnectorError('settings', said`The command ${command} of an exec: secret ${reason}.`, {
      hint: 'Run it by hand to see what it says.',
    });
  }
}

/** Words of a command line: blanks part them, quotes hold them together. No shell: nothing is expanded. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:"((?:\\["\\]|\\(?!["\\])|[^"\\])*)"|'([^']*)'|(\S+))/g)].map(
    ([, double, single, bare]) => double?.replace(/\\(["\\])/g, '$1') ?? single ?? (bare as string),
  );
}

async function runCommand(command: string, args: readonly string[]): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { timeout: 30_000, maxBuffer: 1024 * 1024, windowsHide: true },
      (error, stdout) => {
        // Node's error repeats the command line; only its code goes on.
        if (error) reject({ code: error.code, killed: error.killed });
        else resolve(stdout);
      },
    );
    child.stdin?.end();
  });
}
