/** Asks what starts a run every night, and leaves the files for it beside the settings. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { putFile } from '@ukg-together/kit/files/put-file';
import { isObject, readJsonFile } from '@ukg-together/kit/lines/json';
import { shellWord } from '@ukg-together/kit/text/shell-word';
import { ignoreInGit, textOfFile } from '@ukg-together/kit/wizard/init-files';
import { texts } from '../../generated/deploy.ts';
import { findProgram, type Program } from './programs.ts';
import { replace, schedule } from './questions.ts';
import { ownTexts } from './runners/own-texts.ts';
import { type Machine, madeText, type Section, scheduleOf } from './schedules.ts';
import { outputs, type Setup } from './setup.ts';

/** `tap`: the command line of a tap that is not ours. */
export async function decideSchedule(setup: Setup, tap: Program | undefined): Promise<void> {
  const { wizard, say } = setup;
  const name = await wizard.answer({ ...schedule, propose: () => 'none' });
  const chosen = scheduleOf(name);
  if (chosen === undefined) return;
  const machine = await thisMachine(setup, tap);
  if (chosen.ignored) ignoreInGit(chosen.ignored);
  for (const file of chosen.files) {
    const text = madeText(file, { deploy: texts, own: ownTexts }, machine);
    const kept = textOfFile(file.to);
    if (kept !== undefined && kept !== text && !(await mayReplace(setup, file.to))) continue;
    mkdirSync(dirname(file.to), { recursive: true });
    putFile(file.to, text, 'mode' in file ? file.mode : undefined);
    say(`Written: ${file.to}`);
  }
  say(chosen.next(machine));
}

async function mayReplace({ line, wizard, say }: Setup, path: string): Promise<boolean> {
  if (line.has('force')) return true;
  say(`${path} is there already, and differs.`);
  // With no one to ask, what is there stays.
  return (await wizard.answer({ ...replace, propose: () => 'no' })) === 'yes';
}

async function thisMachine({ config, file, io }: Setup, tap: Program | undefined): Promise<Machine> {
  const whole = await readJsonFile(config, 'The settings file');
  const section = (half: string): Section => (isObject(whole) && isObject(whole[half]) ? whole[half] : {});
  const executable = (half: string) => findProgram(half, io.env)?.[0] ?? half;
  const folders = [dirname(process.argv[1] ?? ''), dirname(process.execPath)];
  return {
    folder: process.cwd(),
    config,
    user: userInfo().username,
    zone: file.text('time_zone') ?? 'Etc/UTC',
    path: [...new Set(folders)].filter(Boolean).join(':'),
    state: io.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'),
    tap: tap?.map(shellWord).join(' '),
    executables: { 'tap-ukg-pro': executable('tap-ukg-pro'), 'target-together': executable('target-together') },
    sections: { 'tap-ukg-pro': section('tap-ukg-pro'), 'target-together': section('target-together') },
    catalog: existsSync(outputs.catalog) ? await readJsonFile(outputs.catalog, 'The catalog') : undefined,
  };
}
