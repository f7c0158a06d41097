/** Where `init` puts secrets, and by which reference the settings name them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError, errorCode, said } from '../error.ts';
import { putFile } from '../files/put-file.ts';
import { isReference } from '../secrets/resolve.ts';
import { parseDotEnv, unreadable } from '../settings/env.ts';
import type { Question } from './question.ts';

const places = {
  env: 'the file .env beside the settings (mode 0600, ignored by git)',
  files: 'one file each in the folder secrets (mode 0700, ignored by git)',
  keychain: 'the keychain of this machine (secret-tool or security)',
  references: 'somewhere else: type references such as env:NAME, file:/path or vault://…',
} as const;

type Place = keyof typeof places;

export const placeQuestion: Question = {
  key: 'secrets',
  flag: 'secrets',
  question: 'Where are passwords and keys to be kept?',
  kind: 'choice',
  choices: places,
  check: (answer) =>
    answer !== 'keychain' || keychain()
      ? undefined
      : 'This machine has neither secret-tool nor security: choose another place.',
  propose: () => 'env',
};

/** Where an earlier start has put a secret, by the reference that the settings have since; undefined: nothing shows where. */
export function placeOf(reference: unknown, folder: string): Place | undefined {
  if (typeof reference !== 'string' || !isReference(reference)) return undefined;
  if (reference.startsWith('file:secrets/')) return 'files';
  if (Object.keys(tools).some((name) => reference.startsWith(`exec:${name} `))) return 'keychain';
  const variable = /^env:(\w+)$/.exec(reference)?.[1];
  const isKept = variable !== undefined && parseDotEnv(textOf(join(folder, '.env')))[variable] !== undefined;
  return isKept ? 'env' : 'references';
}

/** A secret's own question fits the place: where secrets are kept elsewhere, only a reference will do. */
export const askedFor = (question: Question, place: string, fromEnv: boolean): Question =>
  place !== 'references' || fromEnv
    ? question
    : {
        ...question,
        question: `${question.question} (a reference)`,
        check: (answer) =>
          isReference(answer)
            ? undefined
            : 'That is no reference: env:NAME, file:/path, exec:command, vault://…, aws+sm://…, gcp+sm://…, azure+kv://…',
      };

/** Keeps a secret under `variable` and gives what the settings say instead of it. `folder`: of the settings file. */
export function keepSecret(
  place: string,
  secret: { variable: string; value: string; fromEnv: boolean },
  folder: string,
) {
  const { variable, value, fromEnv } = secret;
  if (isReference(value)) return value;
  if (place === 'references' && fromEnv) return `env:${variable}`;
  if (place === 'references') throw new ConnectorError('settings', said`${variable} must be a reference.`);
  return keepers[place as Exclude<Place, 'references'>](variable, value, folder);
}

const keepers: Record<Exclude<Place, 'references'>, (variable: string, value: string, folder: string) => string> = {
  env(variable, value, folder) {
    const path = join(folder, '.env');
    const kept = textOf(path);
    const lines = kept.split('\n').filter((line) => !new RegExp(`^\\s*(export\\s+)?${variable}\\s*=`).test(line));
    const text = `${[...lines, `${variable}=${quoted(variable, value)}`].filter((line) => line !== '').join('\n')}\n`;
    putFile(path, text, 0o600);
    return `env:${variable}`;
  },
  files(variable, value, folder) {
    const name = variable.toLowerCase();
    mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
    putFile(join(folder, 'secrets', name), `${value}\n`, 0o600);
    return `file:secrets/${name}`;
  },
  keychain(variable, value) {
    const tool = keychain();
    if (!tool) throw new ConnectorError('settings', said`This machine has no keychain that can be asked.`);
    const { command, args, input, reference } = tool(variable, value);
    const { status } = spawnSync(command, args, { input, stdio: ['pipe', 'ignore', 'ignore'], timeout: 30_000 });
    if (status === 0) return reference;
    throw new ConnectorError(
      'settings',
      said`${command} did not keep ${variable} (it ended with ${status ?? 'a signal'}).`,
      {
        hint: 'Unlock the keychain, or choose another place with --secrets.',
      },
    );
  },
};

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw unreadable(path, thrown);
  }
}

/** As it is where that is read back unchanged, else in quotes. */
function quoted(variable: string, value: string): string {
  const forms = [value, `'${value}'`, `"${value.replace(/["\\$]/g, '\\$&')}"`];
  const form = forms.find((text) => parseDotEnv(`${variable}=${text}`)[variable] === value);
  if (form !== undefined) return form;
  throw new ConnectorError('settings', said`${variable} can't be written into a .env file.`, {
    hint: 'Choose another place with --secrets files.',
  });
}

type Tool = (variable: string, value: string) => { command: string; args: string[]; input: string; reference: string };

/** The secret goes in by standard input: a command line can be read by everybody. */
const tools: Record<string, Tool> = {
  'secret-tool': (variable, value) => ({
    command: 'secret-tool',
    args: ['store', `--label=${variable}`, 'service', 'ukg-together', 'account', variable],
    input: value,
    reference: `exec:secret-tool lookup service ukg-together account ${variable}`,
  }),
  security: (variable, value) => ({
    command: 'security',
    args: ['-i'],
    input: `add-generic-password -U -s ukg-together -a ${variable} -w "${value.replace(/["\\]/g, '\\$&')}"\n`,
    reference: `exec:security find-generic-password -s ukg-together -a ${variable} -w`,
  }),
};

function keychain(): Tool | undefined {
  const found = Object.keys(tools).find((name) => spawnSync(name, ['--help'], { stdio: 'ignore' }).error === undefined);
  return found === undefined ? undefined : tools[found];
}
