/** The executable's first step: what needs no core is answered without loading it. */

import { type AboutFormat, renderAbout } from '@ukg-together/protocol/about';
import { parseCommandLine, usage } from '@ukg-together/protocol/command-line';
import { ConnectorError } from '@ukg-together/protocol/error';
import { commandTable } from './command-table.ts';
import about from './generated/about.json' with { type: 'json' };

async function main(): Promise<number> {
  let line: ReturnType<typeof parseCommandLine>;
  try {
    line = parseCommandLine(commandTable, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    process.stderr.write(`${error.message}\n${error.hint ?? ''}\n`);
    return error.exitCode;
  }
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  if (line.has('help')) say(usage(commandTable));
  else if (line.has('version')) say(`${about.name} v${about.version}`);
  else if (line.has('about')) say(renderAbout(about as never, (line.value('format') ?? 'text') as AboutFormat));
  else return (await import('./cli.ts')).runCli(line);
  return 0;
}

// Never process.exit: it would cut off what a slow reader has not taken yet.
void main().then((code) => {
  process.exitCode = code;
});
