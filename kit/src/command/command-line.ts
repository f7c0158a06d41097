/** Flags and commands of an executable as data, parsed by node:util. Loads nothing else: `--version` has to be quick. */
import { parseArgs } from 'node:util';
import { ConnectorError, type Sentence, said } from '../error.ts';
import { show } from '../text/show.ts';
import { didYouMean } from '../text/suggest.ts';

export interface Flag {
  /** `text` takes a value, `switch` does not. A switch with `values` may be given one: `--test=schema`. */
  readonly kind: 'text' | 'switch';
  readonly description: string;
  /** Only these values. */
  readonly values?: readonly string[];
  readonly repeatable?: boolean;
  /** How the value is called in the help; default `VALUE`. */
  readonly placeholder?: string;
  /** Understood, but not shown. */
  readonly hidden?: boolean;
}

export interface Command {
  readonly description: string;
  /** Names of what follows the command; a last one that ends in `?` may be left out. */
  readonly positionals?: readonly string[];
  /** Flags that only this command takes. */
  readonly flags?: Readonly<Record<string, Flag>>;
  /** What follows the executable's name, as a person would type it. */
  readonly examples?: readonly string[];
}

export interface CommandTable {
  readonly name: string;
  readonly summary: string;
  /** Flags that every command takes. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** By name; `''` is what runs without a command. A name may be two words: `ledger forget`. */
  readonly commands: Readonly<Record<string, Command>>;
}

/** What a table has that answers `help` and `completion`. */
export const helpCommands = {
  help: { description: 'What a command does, its options, and examples.', positionals: ['COMMAND?'] },
  completion: {
    description: 'Print what completes commands and options in a shell: bash, zsh or fish.',
    positionals: ['SHELL'],
    examples: ['completion bash >> ~/.bashrc'],
  },
} satisfies Record<string, Command>;

export interface CommandLine {
  /** A key of the table's `commands`; where help is asked for, also the first word of several. */
  readonly command: string;
  readonly positionals: readonly string[];
  /** Whether a flag was given. */
  has(flag: string): boolean;
  /** The last value given; undefined for an absent flag and for a switch without a value. */
  value(flag: string): string | undefined;
  values(flag: string): readonly string[];
}

/**
 * `argv` without node and script. Any order, `--flag value` and `--flag=value`; `-h` and `help COMMAND` are `--help`.
 * Throws ConnectorError 'settings' (exit code 2) for anything that the table does not know.
 */
export function parseCommandLine(table: CommandTable, argv: readonly string[]): CommandLine {
  const known: Record<string, Flag> = { ...table.flags };
  for (const command of Object.values(table.commands)) Object.assign(known, command.flags);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, { kind }]) => [
        name,
        { type: kind === 'text' ? ('string' as const) : ('boolean' as const), ...(name === 'help' && { short: 'h' }) },
      ]),
    ),
  });
  const words: string[] = [];
  const options: Option[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(known, token.name)) {
      const names = Object.keys(known).map((name) => `--${name}`);
      throw usageError(table, said`Unknown option ${show(token.rawName)}${didYouMean(token.rawName, names)}.`);
    }
    const { rawName, value, inlineValue } = token;
    if (
      known[token.name]?.kind === 'text' &&
      (value === undefined || value === '' || (!inlineValue && value.startsWith('--')))
    )
      throw usageError(table, said`Option ${rawName} needs a value.`);
    options.push(token);
  }
  const asksHelp = words[0] === 'help' && Object.hasOwn(table.commands, 'help');
  const isHelp = asksHelp || options.some(({ name }) => name === 'help');
  const { command, rest } = chosenCommand(table, asksHelp ? words.slice(1) : words, isHelp);
  const given = givenFlags(table, command, options);
  if (isHelp) given.set('help', [undefined]);
  else checkPositionals(table, command, rest);
  return {
    command,
    positionals: rest,
    has: (flag) => given.has(flag),
    value: (flag) => given.get(flag)?.at(-1),
    values: (flag) => (given.get(flag) ?? []).filter((value) => value !== undefined),
  };
}

interface Option {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

type Given = Map<string, (string | undefined)[]>;

/** Each value as the command's own flag allows it: two commands may have flags of one name. */
function givenFlags(table: CommandTable, command: string, options: readonly Option[]): Given {
  const own: Record<string, Flag> = { ...table.flags, ...table.commands[command]?.flags };
  const given: Given = new Map();
  for (const { name, rawName, value } of options) {
    const flag = Object.hasOwn(own, name) ? own[name] : undefined;
    if (flag === undefined) throw usageError(table, said`Option --${name} belongs to ${ownersOf(table, name)}.`);
    const checked = checkedValue(table, rawName, flag, value);
    given.set(name, [...(given.get(name) ?? []), checked]);
  }
  for (const [name, values] of given) {
    if (values.length > 1 && !own[name]?.repeatable && own[name]?.kind === 'text') {
      throw usageError(table, said`Option --${name} is given ${values.length} times; it can be given once.`);
    }
  }
  return given;
}

function ownersOf({ commands }: CommandTable, flag: string): string {
  const owners = Object.keys(commands).filter((name) => Object.hasOwn(commands[name]?.flags ?? {}, flag));
  return owners.map((owner) => (owner === '' ? 'the plain run' : show(owner))).join(', ');
}

function checkedValue(table: CommandTable, name: string, flag: Flag, value: string | undefined): string | undefined {
  if (flag.kind === 'switch') {
    if (value === undefined) return undefined;
    if (flag.values?.includes(value)) return value;
    throw usageError(
      table,
      said`Option ${name} takes ${flag.values ? `no value or ${flag.values.join(', ')}` : 'no value'}.`,
    );
  }
  if (value !== undefined && flag.values && !flag.values.includes(value)) {
    throw usageError(
      table,
      said`Option ${name} takes ${flag.values.join(' or ')}, not ${show(value)}${didYouMean(value, flag.values)}.`,
    );
  }
  return value;
}

function chosenCommand(
  table: CommandTable,
  words: readonly string[],
  isHelp: boolean,
): { command: string; rest: readonly string[] } {
  for (const count of [2, 1]) {
    const command = words.slice(0, count).join(' ');
    if (words.length >= count && Object.hasOwn(table.commands, command)) return { command, rest: words.slice(count) };
  }
  const [first] = words;
  if (first === undefined) return { command: '', rest: [] };
  const second = Object.keys(table.commands).filter((name) => name.startsWith(`${first} `));
  if (second.length > 0 && isHelp) return { command: first, rest: [] };
  if (second.length > 0) {
    throw usageError(
      table,
      said`${show(first)} needs one of: ${second.map((name) => name.slice(first.length + 1)).join(', ')}.`,
    );
  }
  throw usageError(
    table,
    said`Unknown command ${show(first)}${didYouMean(first, Object.keys(table.commands).filter(Boolean))}.`,
  );
}

function checkPositionals(table: CommandTable, command: string, given: readonly string[]): void {
  const wanted = table.commands[command]?.positionals ?? [];
  const missing = wanted[given.length];
  const name = command === '' ? table.name : show(command);
  if (missing !== undefined && !missing.endsWith('?')) throw usageError(table, said`${name} needs ${missing}.`);
  if (given.length > wanted.length) throw usageError(table, said`${name} does not take ${show(given[wanted.length])}.`);
}

function usageError(table: CommandTable, message: Sentence): ConnectorError {
  return new ConnectorError('settings', message, { hint: `See ${table.name} --help.` });
}
