import { existsSync } from 'node:fs';
import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { SettingsFile } from '@ukg-together/kit/wizard/settings-file';
import type { Wizard } from '@ukg-together/kit/wizard/wizard';
import type { Io } from '../../app/io.ts';
import { replace } from './questions.ts';

/** What the steps of `init` share. */
export interface Setup {
  readonly line: CommandLine;
  readonly io: Io;
  readonly wizard: Wizard;
  readonly file: SettingsFile;
  /** The settings file, in the working folder. */
  readonly config: string;
  readonly say: (text: string) => void;
}

/** What `init` leaves beside the settings. */
export const outputs = { catalog: 'catalog.json', plan: 'plan.json', report: 'plan.html' } as const;

/** Throws where a file of an earlier start, or of a person's own, would be replaced without leave. */
export async function checkOutputs({ line, wizard, say }: Setup): Promise<void> {
  const there = Object.values(outputs).filter((path) => existsSync(path));
  if (there.length === 0 || line.has('force')) return;
  say(`There already: ${there.join(', ')}.`);
  const kept = new ConnectorError('settings', said`${there.join(', ')}: there already, and kept.`, {
    hint: 'Move them away, name another folder with --config, or replace them: --force',
  });
  if ((await wizard.again({ ...replace, propose: () => 'yes' }, kept)) === 'no') throw kept;
}
