/** The flags that every Singer tap and target takes; each executable adds its own commands to the table. */
import type { Command, CommandTable, Flag } from '@ukg-together/kit/command/command-line';
import { helpCommands, parseCommandLine } from '@ukg-together/kit/command/command-line';

const config: Flag = {
  kind: 'text',
  repeatable: true,
  placeholder: 'FILE',
  description:
    'Settings as JSON; several are merged, later ones win. The word ENV reads environment variables and .env.',
};

const aboutFlags = {
  about: { kind: 'switch', description: 'Describe settings and capabilities.' },
  version: { kind: 'switch', description: 'Print the version.' },
  help: { kind: 'switch', description: 'Print this text, or that of a command.' },
} satisfies Record<string, Flag>;

const aboutFormat = {
  kind: 'text',
  values: ['json', 'markdown', 'text'],
  description: 'Form of --about.',
} satisfies Flag;

/** The flags of the plain run of a target, beside those of its own. */
export const plainFlags = { format: aboutFormat } satisfies Record<string, Flag>;

/** Of the commands that read messages. */
export const inputFlag = {
  kind: 'text',
  placeholder: 'FILE',
  description: 'Read messages from a file instead of stdin.',
} satisfies Flag;

/** For a command whose answer programs read too. */
export const formatFlag = {
  kind: 'text',
  values: ['text', 'json'],
  description: 'How the answer is written; default text.',
} satisfies Flag;

/** Of the doctors. */
export const doctorFlags = {
  format: formatFlag,
  json: { kind: 'switch', description: 'Short for --format json.' },
  bundle: {
    kind: 'text',
    placeholder: 'FILE',
    description:
      'Write versions, verdicts, masked settings and counts of the last runs for support: no person, no secret.',
  },
} satisfies Record<string, Flag>;

export const catalogFlags = {
  catalog: {
    kind: 'text',
    placeholder: 'FILE',
    description: 'Which streams and fields to read, as --discover prints them.',
  },
  properties: { kind: 'text', placeholder: 'FILE', description: 'The old name of --catalog.', hidden: true },
} satisfies Record<string, Flag>;

const readFlags = {
  ...catalogFlags,
  state: { kind: 'text', placeholder: 'FILE', description: 'Where the last run left off.' },
  discover: { kind: 'switch', description: 'Print the catalog.' },
  test: { kind: 'switch', values: ['schema', 'all'], description: 'One record of each stream, or its SCHEMA only.' },
  ...plainFlags,
} satisfies Record<string, Flag>;

/** The flags that every command takes. */
export const commonFlags = { config, ...aboutFlags } satisfies Record<string, Flag>;

/** What a tap was asked to do, first match wins: the order in which the SDK looks. */
export interface TapArgs {
  readonly action: 'help' | 'version' | 'about' | 'discover' | 'test' | 'sync' | 'command';
  /** The table's command, `''` for a plain run. */
  readonly command: string;
  readonly positionals: readonly string[];
  readonly config: readonly string[];
  readonly catalog: string | undefined;
  readonly state: string | undefined;
  /** With action `test`: SCHEMA messages only. */
  readonly schemaOnly: boolean;
  readonly format: string | undefined;
  /** Of the doctor: the file for support. */
  readonly bundle: string | undefined;
}

export function tapTable(name: string, summary: string, commands: Record<string, Command> = {}): CommandTable {
  return {
    name,
    summary,
    flags: commonFlags,
    commands: {
      '': {
        description: 'Read the selected streams.',
        flags: readFlags,
        examples: [
          '--config config.json --discover > catalog.json',
          '--config config.json --catalog catalog.json --state state.json > people.singer',
        ],
      },
      ...commands,
      ...helpCommands,
    },
  };
}

export function parseTapArgs(table: CommandTable, argv: readonly string[]): TapArgs {
  const line = parseCommandLine(table, argv);
  const action = (['help', 'version', 'about', 'discover', 'test'] as const).find((flag) => line.has(flag));
  return {
    action: action ?? (line.command === '' ? 'sync' : 'command'),
    command: line.command,
    positionals: line.positionals,
    config: line.values('config'),
    catalog: line.value('catalog') ?? line.value('properties'),
    state: line.value('state'),
    schemaOnly: line.value('test') === 'schema',
    format: line.has('json') ? 'json' : line.value('format'),
    bundle: line.value('bundle'),
  };
}
