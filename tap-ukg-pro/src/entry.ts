/** The executable's first step: what needs no core is answered without loading it. */
import type { AboutFormat } from '@ukg-together/kit/command/about';
import { parseCommandLine } from '@ukg-together/kit/command/command-line';
import { completion } from '@ukg-together/kit/command/completion';
import { usage } from '@ukg-together/kit/command/usage';
import { ConnectorError } from '@ukg-together/kit/error';
import { print } from '@ukg-together/kit/lines/print';
import { visible } from '@ukg-together/kit/text/visible';
import { parseTapArgs, type TapArgs } from '@ukg-together/protocol/singer/command';
import packageJson from '../package.json' with { type: 'json' };
import { commandTable } from './cli/command-table.ts';
import { needsSettings } from './cli/needs-settings.ts';

const version = `${packageJson.name} v${packageJson.version}`;

async function main(): Promise<number> {
  let args: TapArgs;
  try {
    args = parseTapArgs(commandTable, process.argv.slice(2));
    if (args.action === 'command' && args.command === 'completion') {
      print(completion(commandTable, args.positionals[0]));
      return 0;
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    // One line: runners show the last one alone.
    process.stderr.write(visible(`${[error.message, ...error.advice].join(' ')}\n`));
    return error.exitCode;
  }
  switch (args.action) {
    case 'help':
      print(usage(commandTable, args.command));
      return 0;
    case 'version':
      print(version);
      return 0;
    case 'about': {
      print((await import('./generated/about.ts')).texts[(args.format ?? 'text') as AboutFormat]);
      return 0;
    }
    case 'discover':
      if (!needsSettings(args.config)) {
        print((await import('./generated/discover.ts')).text);
        return 0;
      }
      break;
    case 'test':
    case 'sync':
    case 'command':
  }
  if (args.command === 'init')
    return (await import('./cli/init/init.ts')).runInit(parseCommandLine(commandTable, process.argv.slice(2)));
  return (await import('./cli/main.ts')).runCli(args);
}

// Asked for alone, as runners do before each run, the version needs no parser: node:util's takes as long as all the rest.
if (process.argv.length === 3 && process.argv[2] === '--version') print(version);
else {
  // Never process.exit: it would cut off what a slow reader has not taken yet.
  void main().then((code) => {
    process.exitCode = code;
  });
}
