/** What a doctor finds, in the same words for both halves: one finding for each check, none of which ends the others. */
import { asConnectorError, ConnectorError, type ErrorKind } from '../error.ts';
import type { Logger } from '../log/log.ts';
import type { SettingsError } from '../settings/load-settings.ts';
import { type CheckName, checkPage } from './check-texts.ts';

export interface Finding {
  readonly check: CheckName;
  readonly verdict: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, or why it was not looked for. */
  readonly message: string;
  /** The command or the setting that puts it right. */
  readonly hint?: string;
  /** Where the documentation explains it: of all that is not ok. */
  readonly docs?: string;
  /** Of a failure. */
  readonly kind?: ErrorKind;
}

/** A text alone: all is well. Throws what makes the check a failed one. */
export type Outcome = string | Omit<Finding, 'check'>;
export type Check = readonly [name: CheckName, job: () => Outcome | Promise<Outcome>];

/** `error`: of the first check that failed; the exit code is its. */
export async function runChecks(
  checks: readonly Check[],
): Promise<{ findings: Finding[]; error: ConnectorError | undefined }> {
  const findings: Finding[] = [];
  let error: ConnectorError | undefined;
  for (const [check, job] of checks) {
    try {
      const found = await job();
      if (typeof found === 'string') findings.push({ check, verdict: 'ok', message: found });
      else findings.push({ check, ...found, ...(found.verdict !== 'ok' && { docs: found.docs ?? checkPage(check) }) });
    } catch (thrown) {
      const failure = asConnectorError(thrown);
      error ??= failure;
      const { message, hint, kind, docs } = failure;
      findings.push({ check, verdict: 'failed', message, ...(hint !== undefined && { hint }), docs, kind });
    }
  }
  return { findings, error };
}

export const skipped = (message: string, hint?: string): Outcome => ({
  verdict: 'skipped',
  message,
  ...(hint !== undefined && { hint }),
});

/** Where settings are at fault: what is wrong with them. */
export const faultCheck = (half: string, fault: ConnectorError): Check => [
  'settings',
  () => {
    const hint = fault.hint ?? `${half} init --config FILE asks for what is missing.`;
    throw new ConnectorError(fault.kind, fault.sentence, { hint, cause: fault });
  },
];

/** Those that need the settings which are at fault. */
export const skippedChecks = (names: readonly CheckName[]): Check[] =>
  names.map((name) => [name, () => skipped('Needs the settings that are wrong or missing.')]);

/** For who sets something up: says it only where it is a warning, and what to do. */
export async function sayWarnings(check: Check, say: (text: string) => void): Promise<void> {
  const { findings } = await runChecks([check]);
  for (const { verdict, message, hint } of findings)
    if (verdict === 'warning') say(`! ${[message, hint].filter(Boolean).join(' ')}`);
}

/** Notes what is warned of, instead of logging it: a doctor makes a finding of it. */
export function notedWarnings<L extends Pick<Logger, 'warn'>>(log: L): { log: L; warnings: readonly string[] } {
  const warnings: string[] = [];
  return { log: { ...log, warn: (message: string) => void warnings.push(message) }, warnings };
}

/** What opens with valid settings; or what is wrong with them, and those that are valid. Throws what is no setting's fault. */
export async function orFault<T>(
  open: () => Promise<T>,
): Promise<
  { opened: T; fault?: never } | { opened?: never; fault: ConnectorError; valid: Readonly<Record<string, unknown>> }
> {
  try {
    return { opened: await open() };
  } catch (thrown) {
    const fault = asConnectorError(thrown);
    if (['unexpected', 'sigint', 'sigterm'].includes(fault.kind)) throw fault;
    const { valid = {} } = fault as Partial<SettingsError>;
    return { fault, valid };
  }
}

const marks: Record<Finding['verdict'], string> = { ok: 'ok  ', warning: 'WARN', failed: 'FAIL', skipped: 'skip' };

/** A line each, with what to do below it. */
export const findingLines = (findings: readonly Finding[]): string =>
  findings
    .map(({ verdict, check, message, hint, docs }) => {
      const rows = [
        ...message.split('\n'),
        ...(hint === undefined ? [] : [hint]),
        ...(docs === undefined ? [] : [`See ${docs}`]),
      ];
      return `${marks[verdict]} ${check.padEnd(14)} ${rows.join(`\n${' '.repeat(20)}`)}\n`;
    })
    .join('');
