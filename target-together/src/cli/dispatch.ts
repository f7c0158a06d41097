/** Each command by its name in the table; what a command needs is loaded when it is called. */

import type { CommandLine, helpCommands } from '@ukg-together/kit/command/command-line';
import type { Io } from '../app/io.ts';
import type { commandTable } from './command-table.ts';
import type { Command } from './commands/command.ts';

/** The entry answers help and completion. */
type Name = Exclude<keyof typeof commandTable.commands, keyof typeof helpCommands>;

const commands: Record<Name, () => Promise<Command>> = {
  '': async () => (await import('./commands/run.ts')).run,
  plan: async () => (await import('./commands/plan.ts')).plan,
  apply: async () => (await import('./commands/apply.ts')).apply,
  explain: async () => (await import('./commands/explain.ts')).explain,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  status: async () => (await import('./commands/status.ts')).status,
  calendar: async () => (await import('./commands/calendar.ts')).calendar,
  'ledger show': async () => (await import('./commands/ledger.ts')).show,
  'ledger verify': async () => (await import('./commands/ledger.ts')).verify,
  'ledger forget': async () => (await import('./commands/ledger.ts')).forget,
  'ledger export': async () => (await import('./commands/ledger-copy.ts')).exportState,
  'ledger import': async () => (await import('./commands/ledger-copy.ts')).importState,
  'audit verify': async () => (await import('./commands/audit.ts')).verify,
  'mapping check': async () => (await import('./commands/mapping.ts')).check,
  'mapping suggest': async () => (await import('./commands/mapping.ts')).suggest,
};

export async function runCommand(line: CommandLine, io: Io): Promise<number> {
  return await (await commands[line.command as Name]())(line, io);
}
