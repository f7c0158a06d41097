/** Each command by its name in the table; what a command needs is loaded when it is called. */
import type { CommandLine } from '@ukg-together/protocol/command-line';
import type { commandTable } from '../command-table.ts';
import type { Io } from '../session.ts';

export type Command = (line: CommandLine, io: Io) => Promise<number>;
type Name = keyof typeof commandTable.commands;

const commands: Record<Name, () => Promise<Command>> = {
  '': async () => (await import('./run.ts')).run,
  plan: async () => (await import('./plan.ts')).plan,
  apply: async () => (await import('./apply.ts')).apply,
  explain: async () => (await import('./explain.ts')).explain,
  doctor: async () => (await import('./doctor.ts')).doctor,
  status: async () => (await import('./status.ts')).status,
  'ledger show': async () => (await import('./ledger.ts')).show,
  'ledger verify': async () => (await import('./ledger.ts')).verify,
  'ledger forget': async () => (await import('./ledger.ts')).forget,
  'ledger export': async () => (await import('./ledger-copy.ts')).exportState,
  'ledger import': async () => (await import('./ledger-copy.ts')).importState,
  'audit verify': async () => (await import('./audit.ts')).verify,
  'mapping check': async () => (await import('./mapping.ts')).check,
  'mapping suggest': async () => (await import('./mapping.ts')).suggest,
};

export async function runCommand(line: CommandLine, io: Io): Promise<number> {
  return await (await commands[line.command as Name]())(line, io);
}
