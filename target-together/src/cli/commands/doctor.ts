/** `target-together doctor`: proves host, headers, key, state folder and mapping, without writing to Together. */

import { asConnectorError, ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import { show } from '@ukg-together/kit/text/show';
import { tryTogether } from '../../app/ask-together.ts';
import { mappingOptions } from '../../app/mapping-session.ts';
import { tryState } from '../../app/open-state.ts';
import type { Session } from '../../app/session.ts';
import { checkCatalog } from '../../mapping/tools/check-catalog.ts';
import { withSession } from './command.ts';

export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
  readonly hint?: string;
}

export const doctor = withSession(async (session, line) => {
  const { stdout } = session.io;
  const { findings, error } = await examine(session, line.value('catalog'));
  if (line.value('format') === 'json') stdout.write(`${JSON.stringify({ ok: !error, findings }, null, 2)}\n`);
  else stdout.write(findings.map(findingLine).join(''));
  return error?.exitCode ?? ExitCode.ok;
});

const findingLine = ({ ok, check, message, hint }: Finding) =>
  `${ok ? 'ok  ' : 'FAIL'} ${check.padEnd(12)} ${message}${hint ? `\n     ${' '.repeat(12)} ${hint}` : ''}\n`;

/** All checks, each told, and the first failure: what the exit code goes by. */
async function examine(
  session: Session,
  catalog: string | undefined,
): Promise<{ findings: Finding[]; error: ConnectorError | undefined }> {
  const findings: Finding[] = [{ check: 'settings', ok: true, message: 'Settings and mapping rules are in order.' }];
  let error: ConnectorError | undefined;
  const checks: readonly (readonly [string, () => Promise<string>])[] = [
    ...(catalog === undefined ? [] : [['catalog', () => catalogCheck(session, catalog)] as const]),
    ['state folder', () => tryState(session)],
    ['together', () => tryTogether(session)],
  ];
  for (const [check, job] of checks) {
    try {
      findings.push({ check, ok: true, message: await job() });
    } catch (thrown) {
      const failure = asConnectorError(thrown);
      error ??= failure;
      findings.push({ check, ok: false, message: failure.message, ...(failure.hint ? { hint: failure.hint } : {}) });
    }
  }
  return { findings, error };
}

async function catalogCheck({ settings, io }: Session, path: string): Promise<string> {
  const { ok, streams } = await checkCatalog(
    await readJsonFile(path, 'The catalog'),
    mappingOptions(settings, io.env, io.clock, () => {}),
  );
  const used = streams.filter((stream) => stream.used);
  if (ok) return `Mapping and filters fit stream ${show(used[0]?.stream)} of the catalog.`;
  const faults = used.flatMap((stream) => stream.faults.map((fault) => `${fault.path} ${fault.message}`));
  const problem =
    used.length > 1
      ? `several streams look like people: ${used.map(({ stream }) => show(stream)).join(', ')}; set mapping.stream`
      : used.length === 0
        ? 'no stream is mapped'
        : faults.join('; ');
  throw new ConnectorError('settings', `The mapping does not fit the catalog: ${problem}.`, {
    hint: 'The whole answer: target-together mapping check --catalog FILE --config FILE',
  });
}
