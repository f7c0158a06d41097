/** The executable's first step: what needs no core is answered without loading it. */
import type { AboutFormat } from '@ukg-together/kit/command/about';
import { type CommandLine, parseCommandLine } from '@ukg-together/kit/command/command-line';
import { completion } from '@ukg-together/kit/command/completion';
import { usage } from '@ukg-together/kit/command/usage';
import { ConnectorError } from '@ukg-together/kit/error';
import { print } from '@ukg-together/kit/lines/print';
import { visible } from '@ukg-together/kit/text/visible';
import packageJson from '../package.json' with { type: 'json' };
import { commandTable } from './cli/command-table.ts';

const version = `${packageJson.name} v${packageJson.version}`;

async function main(): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(commandTable, process.argv.slice(2));
    if (line.command === 'completion' && !line.has('help')) {
      print(completion(commandTable, line.positionals[0]));
      return 0;
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    // One line: runners show the last one alone.
    process.stderr.write(visible(`${[error.message, ...error.advice].join(' ')}\n`));
    return error.exitCode;
  }
  if (line.has('help')) print(usage(commandTable, line.command));
  else if (line.has('version')) print(version);
  else if (line.has('about')) {
    print((await import('./generated/about.ts')).texts[(line.value('format') ?? 'text') as AboutFormat]);
  } else return (await import('./cli/main.ts')).runCli(line);
  return 0;
}

// Asked for alone, as runners do before each run, the version needs no parser: node:util's takes as long as all the rest.
if (process.argv.length === 3 && process.argv[2] === '--version') print(version);
else {
  // Never process.exit: it would cut off what a slow reader has not taken yet.
  void main().then((code) => {
    process.exitCode = code;
  });
}
