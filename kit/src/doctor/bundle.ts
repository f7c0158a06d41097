/** One file for support: versions, verdicts, settings and counts. No message, since one may name a host, a folder or an id. */

import { putFile } from '../files/put-file.ts';
import type { JsonSchema } from '../settings/json-schema.ts';
import { constantsOf, declaredProperties, isSecret, typesOf } from '../settings/schema.ts';
import { counted } from '../text/show.ts';
import type { Finding } from './finding.ts';
import { type Half, type Machine, thisMachine } from './machine.ts';

export interface BundleInput {
  readonly half: Half;
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  /** All, or those that are valid. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly json: JsonSchema;
  /** Numbers by name, nothing else. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Of the last runs, oldest first; only their numbers and `finishedAt` are written. */
  readonly runs?: readonly object[];
  /** The time, in milliseconds since 1970. */
  readonly now: number;
}

/** Throws ConnectorError `settings` where the file can't be written. */
export function writeBundle(path: string, input: BundleInput, machine: Machine = thisMachine): void {
  const { half, findings, runs = [] } = input;
  const { node, platform, arch } = machine;
  const bundle = {
    written_at: new Date(input.now).toISOString(),
    versions: { [half.name]: half.version, node, platform, arch },
    exit_code: input.exitCode,
    checks: findings.map(({ check, verdict, kind }) => ({ check, verdict, ...(kind && { kind }) })),
    settings: maskedSetting(input.settings, input.json),
    ...(input.counts && { counts: input.counts }),
    last_runs: runs.map(numbersOf),
  };
  putFile(path, `${JSON.stringify(bundle, null, 2)}\n`, 0o600, 'Name another file with --bundle FILE.');
}

const numbersOf = (run: object) =>
  Object.fromEntries(Object.entries(run).filter(([name, part]) => typeof part === 'number' || name === 'finishedAt'));

/** Switches, numbers and words that the schema itself lists; of all else only that it is there. */
export function maskedSetting(value: unknown, schema: JsonSchema): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (isSecret(schema)) return '***';
  if (Array.isArray(value)) return `(${counted(value.length, 'entry', 'entries')})`;
  if (typeof value === 'object') {
    const declared = declaredProperties(schema) ?? {};
    const [known, others] = [true, false].map((is) =>
      Object.entries(value).filter(([key, part]) => part !== undefined && Object.hasOwn(declared, key) === is),
    ) as [[string, unknown][], [string, unknown][]];
    return Object.fromEntries([
      ...known.map(([key, part]) => [key, maskedSetting(part, declared[key] as JsonSchema)]),
      ...(others.length > 0 ? [['(others)', others.length]] : []),
    ]);
  }
  // A number that may also be a text can be anybody's.
  if (typeof value === 'number' && !typesOf(schema).has('string')) return value;
  return constantsOf(schema).has(value) ? value : `(${typeof value})`;
}
