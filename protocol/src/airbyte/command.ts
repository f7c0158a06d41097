/** Airbyte's commands for both halves: parsed, run, and ended as the platform expects it. */
import type { Clock } from '@ukg-together/kit/clock';
import { type CommandTable, type Flag, helpCommands, parseCommandLine } from '@ukg-together/kit/command/command-line';
import { usage } from '@ukg-together/kit/command/usage';
import { asConnectorError, ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { isClosedPipe } from '@ukg-together/kit/lines/read-lines';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import type { Redactor } from '@ukg-together/kit/log/redact';
import { type AirbyteMessage, connectionStatus, isCheckFailure, traceError, writeThrough } from './message.ts';

export interface AirbyteArgs {
  readonly action: 'spec' | 'check' | 'discover' | 'read' | 'write' | 'help' | 'version';
  /** A key of the table's `commands`, or what help is asked for. */
  readonly command: string;
  /** Paths; set for every action that needs them. Never to be judged by their endings: PyAirbyte calls a catalog `x.txt`. */
  readonly config: string;
  readonly catalog: string;
  readonly state: string | undefined;
  readonly debug: boolean;
}

const config: Flag = { kind: 'text', placeholder: 'FILE', description: 'Settings as JSON.' };
const catalog: Flag = { kind: 'text', placeholder: 'FILE', description: 'The configured catalog.' };
const state: Flag = { kind: 'text', placeholder: 'FILE', description: 'Where the last sync left off.' };

/** A source reads, a destination writes. */
export function airbyteTable(name: string, half: 'source' | 'destination'): CommandTable {
  const common = {
    spec: { description: 'Print the specification.', examples: ['spec'] },
    check: { description: 'Try the settings.', flags: { config }, examples: ['check --config config.json'] },
    discover: { description: 'Print the catalog.', flags: { config }, examples: ['discover --config config.json'] },
  };
  const read = {
    description: 'Read the configured streams.',
    flags: { config, catalog, state },
    examples: ['read --config config.json --catalog configured.json --state state.json'],
  };
  const write = {
    description: 'Write messages from stdin.',
    flags: { config, catalog },
    examples: ['write --config config.json --catalog configured.json < messages.jsonl'],
  };
  const commands = { ...common, ...(half === 'source' ? { read } : { write }), help: helpCommands.help };
  return {
    name,
    summary: `An Airbyte ${half}.`,
    flags: {
      debug: { kind: 'switch', description: 'Log more.' },
      version: { kind: 'switch', description: 'Print the version.' },
      help: { kind: 'switch', description: 'Print this text.' },
    },
    commands: { '': { description: 'Print the help.' }, ...commands },
  };
}

export function parseAirbyteArgs(table: CommandTable, argv: readonly string[]): AirbyteArgs {
  const line = parseCommandLine(table, argv);
  const action = line.has('version')
    ? 'version'
    : line.has('help') || line.command === ''
      ? 'help'
      : (line.command as AirbyteArgs['action']);
  const needed = (flag: string): string => {
    const value = line.value(flag);
    if (
      value === undefined &&
      action !== 'help' &&
      action !== 'version' &&
      Object.hasOwn(table.commands[line.command]?.flags ?? {}, flag)
    ) {
      throw new ConnectorError('settings', said`${line.command} needs --${flag} FILE.`, {
        hint: `See ${table.name} --help.`,
      });
    }
    return value ?? '';
  };
  return {
    action,
    command: line.command,
    config: needed('config'),
    catalog: needed('catalog'),
    state: line.value('state'),
    debug: line.has('debug'),
  };
}

/** What a half brings along; everything but `spec` may load what it needs. */
export interface AirbyteConnector {
  readonly table: CommandTable;
  readonly version: string;
  spec(): AirbyteMessage | Promise<AirbyteMessage>;
  /** Throws what is wrong. */
  check(args: AirbyteArgs): Promise<void>;
  discover?(args: AirbyteArgs): Promise<AirbyteMessage>;
  read?(args: AirbyteArgs): Promise<void>;
  write?(args: AirbyteArgs): Promise<void>;
}

/**
 * Runs one command and gives the exit code, which is what the platform goes by: a failure is reported by a TRACE ERROR and by
 * the code, but a check that fails for the user's reasons is a FAILED status and code 0. `io.writer` is not looked at for
 * what can be printed at once, so that it may be opened on first use.
 */
export async function runAirbyte(
  connector: AirbyteConnector,
  argv: readonly string[],
  io: { writer: LineWriter; clock: Clock; redactor: Redactor; print: (text: string) => void },
): Promise<ExitCode> {
  const put = (message: AirbyteMessage) => writeThrough(io.writer, message);
  try {
    const args = parseAirbyteArgs(connector.table, argv);
    switch (args.action) {
      case 'help':
        io.print(usage(connector.table, args.command));
        break;
      case 'version':
        io.print(`${connector.table.name} v${connector.version}`);
        break;
      case 'spec':
        io.print(JSON.stringify(await connector.spec()));
        break;
      case 'check':
        await put(await checked(connector, args, io.redactor));
        break;
      case 'discover':
        if (connector.discover) await put(await connector.discover(args));
        break;
      case 'read':
        await connector.read?.(args);
        await io.writer.flush();
        break;
      case 'write':
        await connector.write?.(args);
        await io.writer.flush();
        break;
    }
    return ExitCode.ok;
  } catch (thrown) {
    const error = asConnectorError(thrown);
    if (isClosedPipe(error) || io.writer.closed) return ExitCode.unexpected;
    await put(traceError(error, io)).catch(() => {});
    return error.exitCode;
  }
}

async function checked(connector: AirbyteConnector, args: AirbyteArgs, redactor: Redactor): Promise<AirbyteMessage> {
  try {
    await connector.check(args);
    return connectionStatus(undefined, redactor);
  } catch (thrown) {
    const error = asConnectorError(thrown);
    if (!isCheckFailure(error)) throw error;
    return connectionStatus(error, redactor);
  }
}
