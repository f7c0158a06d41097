import { type Command, type CommandTable, type Flag, helpCommands } from './command-line.ts';

/** The text of `--help`: of all commands, of one, or of those that share their first word. */
export function usage(table: CommandTable, command = ''): string {
  if (command === '') return overview(table);
  const one = table.commands[command];
  if (one) return usageOf(table, command, one);
  const group = Object.entries(table.commands).filter(([name]) => name.startsWith(`${command} `));
  return ['Commands:', ...commandLines(group), '', `${table.name} help COMMAND tells more of one.`].join('\n');
}

const environment = [
  ['LOGLEVEL', 'DEBUG, INFO (default), WARNING or ERROR: how much is logged on stderr.'],
  ['NO_COLOR', 'No colours on a terminal.'],
] as const;

function overview(table: CommandTable): string {
  const { name, summary, flags, commands } = table;
  const plain = commands[''];
  const others = Object.entries(commands).filter(([other]) => other !== '');
  return [
    summary,
    '',
    'Usage:',
    `  ${name} [options]`,
    ...(plain ? [`      ${plain.description}`] : []),
    `  ${name} COMMAND [options]`,
    '',
    'Commands:',
    ...commandLines(others),
    ...block('Options', flagLines(flags)),
    ...block('Options without a command', flagLines(plain?.flags)),
    ...block('Environment', aligned(environment)),
    ...block('Examples', exampleLines(name, plain)),
    '',
    `${name} COMMAND --help tells more of a command.`,
  ].join('\n');
}

const commandLines = (commands: readonly (readonly [string, Command])[]): string[] =>
  aligned(commands.map(([name, one]) => [called(name, one), one.description]));

/** Without the options that no command needs. */
const usageOf = (table: CommandTable, name: string, command: Command): string =>
  [
    command.description,
    '',
    'Usage:',
    `  ${table.name} ${called(name, command)}${Object.hasOwn(helpCommands, name) ? '' : ' [options]'}`,
    ...block(`Options of ${name}`, flagLines(command.flags)),
    ...block('Options', flagLines(sharedFlags(table, name))),
    ...block('Examples', exampleLines(table.name, command)),
  ].join('\n');

const sharedFlags = ({ flags }: CommandTable, command: string): Record<string, Flag> =>
  Object.hasOwn(helpCommands, command)
    ? {}
    : Object.fromEntries(Object.entries(flags).filter(([name]) => !['about', 'version', 'help'].includes(name)));

/** `ledger forget ID`, `help [COMMAND]`. */
const called = (name: string, { positionals = [] }: Command): string =>
  [name, ...positionals.map((word) => (word.endsWith('?') ? `[${word.slice(0, -1)}]` : word))].join(' ');

/** An example that names an executable of its own (a pipe) stays as it is. */
const exampleLines = (name: string, command: Command | undefined): string[] =>
  (command?.examples ?? []).map((example) => `  ${example.includes(name) ? example : `${name} ${example}`}`);

const block = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines];

function flagLines(flags: Readonly<Record<string, Flag>> = {}): string[] {
  const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden);
  return aligned(
    shown.map(([name, flag]) => {
      const short = name === 'help' ? '-h, ' : '';
      if (flag.kind === 'switch')
        return [`${short}--${name}${flag.values ? `[=${flag.values.join('|')}]` : ''}`, flag.description];
      return [`--${name} ${flag.placeholder ?? flag.values?.join('|') ?? 'VALUE'}`, flag.description];
    }),
  );
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(40, Math.max(...rows.map(([head]) => head.length), 0));
  return rows.map(([head, text]) => `  ${head.padEnd(width)}  ${text}`);
}
