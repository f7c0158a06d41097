/** Each command by its name in the table; what a command needs is loaded when it is called. */

import { Writable } from 'node:stream';
import type { CommandLine, helpCommands } from '@ukg-together/kit/command/command-line';
import { visible } from '@ukg-together/kit/text/visible';
import type { Io } from '../app/io.ts';
import type { commandTable } from './command-table.ts';
import type { Command } from './commands/command.ts';

/** The entry answers help and completion. */
type Name = Exclude<keyof typeof commandTable.commands, keyof typeof helpCommands>;

const commands: Record<Name, () => Promise<Command>> = {
  '': async () => (await import('./commands/run.ts')).run,
  init: async () => (await import('./init/init.ts')).init,
  plan: async () => (await import('./commands/plan.ts')).plan,
  apply: async () => (await import('./commands/apply.ts')).apply,
  revert: async () => (await import('./commands/kept/revert.ts')).revert,
  person: async () => (await import('./commands/kept/person.ts')).person,
  show: async () => (await import('./commands/look/show.ts')).show,
  worklist: async () => (await import('./commands/look/worklist.ts')).worklist,
  rehearse: async () => (await import('./commands/look/rehearse.ts')).rehearseCommand,
  explain: async () => (await import('./commands/explain.ts')).explain,
  verify: async () => (await import('./commands/look/verify.ts')).verify,
  drift: async () => (await import('./commands/look/verify.ts')).drift,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  status: async () => (await import('./commands/status.ts')).status,
  calendar: async () => (await import('./commands/calendar.ts')).calendar,
  'ledger show': async () => (await import('./commands/state/ledger.ts')).show,
  'ledger verify': async () => (await import('./commands/state/ledger.ts')).verify,
  'ledger forget': async () => (await import('./commands/state/privacy.ts')).forget,
  'ledger export': async () => (await import('./commands/state/ledger-copy.ts')).exportState,
  'ledger import': async () => (await import('./commands/state/ledger-copy.ts')).importState,
  'privacy show': async () => (await import('./commands/state/privacy.ts')).show,
  'privacy forget': async () => (await import('./commands/state/privacy.ts')).forget,
  'audit verify': async () => (await import('./commands/state/audit.ts')).verify,
  'audit accept': async () => (await import('./commands/state/audit.ts')).accept,
  'mapping check': async () => (await import('./commands/mapping.ts')).check,
  'mapping suggest': async () => (await import('./commands/mapping.ts')).suggest,
};

/** What prints STATE messages, which are given back as they came. */
const passesOn: readonly string[] = ['', 'apply'] satisfies readonly Name[];

export async function runCommand(line: CommandLine, io: Io): Promise<number> {
  const command = await commands[line.command as Name]();
  if (passesOn.includes(line.command)) return await command(line, io);
  const stdout = forPeople(io.stdout);
  try {
    return await command(line, { ...io, stdout });
  } finally {
    // What was written last may wait for what was written before.
    await new Promise<void>((written) => stdout.end(written));
  }
}

/** An answer may hold text of a record, or a file's name: none of it acts on a terminal. */
function forPeople(stdout: Io['stdout']): Writable {
  return new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      // At once where there is room: a prompt of `init` draws itself, below what was said before it.
      const hasRoom = stdout.write(visible(text), () => hasRoom || done());
      if (hasRoom) done();
    },
    final: (done) => void stdout.write('', () => done()),
  });
}
