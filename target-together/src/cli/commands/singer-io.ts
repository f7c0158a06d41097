/** Singer in and out, for the commands that read messages. */

import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { lineWriter } from '@ukg-together/kit/lines/write-lines';
import { decodeSinger } from '@ukg-together/protocol/singer/decode';
import { bareState, stateText } from '@ukg-together/protocol/singer/encode';
import type { Execution } from '../../app/execute-run.ts';
import type { Io } from '../../app/io.ts';
import { inputOf, until } from '../../collect/input.ts';
import { checkPlaces } from '../../files/check-writable.ts';
import { replaceFile } from '../../files/replace-file.ts';
import type { RedactionLevel } from '../../model/run-summary.ts';

/** Reads stdin, or `--input`, to its end. */
export function singerReader(line: CommandLine, io: Io): Execution['read'] {
  return async (take) => {
    const path = line.value('input');
    if (path === undefined && (io.stdin as { isTTY?: boolean }).isTTY) {
      io.log.warn('Waiting for messages on stdin: pipe a tap into this command, or name a file with --input.');
    }
    const input = path === undefined ? until(io.signal, io.stdin) : inputOf(io.signal, path);
    await decodeSinger(input, take, { warn: (message) => io.log.warn(message) });
  };
}

/** Bare STATE lines on stdout, and in the file of `--save-state`: a terminal needs them in one place only. */
export function singerRelease(line: CommandLine, io: Io): Required<Execution>['release'] {
  const writer = lineWriter(io.stdout);
  const file = line.value('save-state');
  const isTerminal = (io.stdout as { isTTY?: boolean }).isTTY === true;
  return async (state) => {
    if (file !== undefined) await replaceFile(file, (write) => write(`${stateText(state)}\n`));
    if (file !== undefined && isTerminal) return;
    if (isTerminal) io.log.progress('');
    await bareState(writer, state);
  };
}

/** Where the run's outputs go, each a place that can be written. */
export async function filesOf(line: CommandLine): Promise<Execution['files']> {
  const files = { summary: line.value('summary'), report: line.value('report') };
  await checkPlaces({ ...files, 'save-state': line.value('save-state'), out: line.value('out') });
  return files;
}

/** employeeIds of `--only`. */
export function onlyOf(line: CommandLine): ReadonlySet<string> | undefined {
  const ids = line
    .value('only')
    ?.split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  if (ids?.length === 0) throw new ConnectorError('settings', said`--only names no employeeId.`);
  return ids && new Set(ids);
}

export const levelOf = (line: CommandLine): RedactionLevel =>
  (line.value('redact') as RedactionLevel | undefined) ?? 'ids';
