/** The executable's first step: what needs no core is answered without loading it. */
import { type AboutFormat, renderAbout } from '@ukg-together/protocol/about';
import { usage } from '@ukg-together/protocol/command-line';
import { ConnectorError } from '@ukg-together/protocol/error';
import { parseTapArgs, type TapArgs } from '@ukg-together/protocol/singer/command';
import { commandTable } from './command-table.ts';
import about from './generated/about.json' with { type: 'json' };
import { needsSettings } from './own-endpoints.ts';

async function main(): Promise<number> {
  let args: TapArgs;
  try {
    args = parseTapArgs(commandTable, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    process.stderr.write(`${error.message}\n${error.hint ?? ''}\n`);
    return error.exitCode;
  }
  // A reader that has enough (`| head`) is no failure of ours.
  process.stdout.on('error', () => {});
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  switch (args.action) {
    case 'help':
      say(usage(commandTable));
      return 0;
    case 'version':
      say(`${about.name} v${about.version}`);
      return 0;
    case 'about':
      say(renderAbout(about as never, (args.format ?? 'text') as AboutFormat));
      return 0;
    case 'discover':
      if (!needsSettings(args.config)) {
        const { default: text } = await import('./generated/discover.ts');
        say(text);
        return 0;
      }
      break;
    default:
  }
  return (await import('./cli.ts')).runCli(args);
}

// Never process.exit: it would cut off what a slow reader has not taken yet.
void main().then((code) => {
  process.exitCode = code;
});
