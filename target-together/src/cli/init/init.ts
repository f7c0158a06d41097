/** `target-together init`: from nothing to a reviewed plan. Asks, tries, writes the settings; sends nothing. */
import { basename, dirname, resolve } from 'node:path';
import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isObject, readJsonFile } from '@ukg-together/kit/lines/json';
import { checkFolder, ignoreInGit } from '@ukg-together/kit/wizard/init-files';
import { openPrompter } from '@ukg-together/kit/wizard/open-prompter';
import { placeOf, placeQuestion } from '@ukg-together/kit/wizard/secret-places';
import { openSettingsFile } from '@ukg-together/kit/wizard/settings-file';
import { createWizard } from '@ukg-together/kit/wizard/wizard';
import { wrapped } from '@ukg-together/kit/wizard/wrapped';
import type { Io } from '../../app/io.ts';
import { askTogether, needed } from './account.ts';
import { decideMapping } from './decide-mapping.ts';
import { findProgram, type Program, programOf, runPipe, runThrough } from './programs.ts';
import { tapFlags } from './questions.ts';
import { decideSchedule } from './schedule.ts';
import { checkOutputs, outputs, type Setup } from './setup.ts';

/** Gives the exit code. Works in the folder of the settings file: that is where `.env` is looked for. */
export async function init(line: CommandLine, io: Io): Promise<number> {
  const path = resolve(line.value('config') ?? 'config.json');
  checkFolder(dirname(path));
  process.chdir(dirname(path));
  const say = (text: string) => {
    const rows = text.split('\n').map((row) => wrapped(row, 0, row.search(/\S|$/) + 2));
    io.stdout.write(`${rows.join('\n')}\n`);
  };
  const file = await openSettingsFile(path, 'target-together');
  const prompter = await openPrompter(line, (text) => void io.stdout.write(`${text}\n`), io.signal);
  const tapFile = await openSettingsFile(path, 'tap-ukg-pro');
  const saved = (key: string) => {
    // The references that are there already show it; an address answers the question for the region, too.
    if (key === placeQuestion.key) return placeOf(file.get('api_key') ?? tapFile.get('password'), '.');
    return file.text(key) ?? (key === 'region' ? file.text('api_url') : undefined);
  };
  const wizard = createWizard({ line, env: io.env, prompter, saved, say });
  const setup: Setup = { line, io, wizard, file, config: basename(path), say };

  say('From here to a reviewed plan in at most twelve answers. Nothing is sent to Together.');
  await checkOutputs(setup);
  ignoreInGit([basename(path), '.env', 'secrets/', 'state.json', 'plan.json', 'plan.html']);
  const tap = findTap(setup);
  const place = await wizard.answer(placeQuestion);
  if (tap?.own) {
    const code = await runThrough([
      ...tap.program,
      'init',
      ...ownFlags(line, setup.config, place),
    ] as unknown as Program);
    if (code !== 0) return code;
  }
  const zone = await siblingZone(setup.config);
  wizard.need(needed(zone));
  await askTogether(setup, place, zone);
  if (!tap) {
    say('No tap was found, so no people were read. With one: target-together init --tap "COMMAND --config FILE"');
    return 0;
  }
  const reader: Program = tap.own ? [...tap.program, '--config', setup.config] : tap.program;
  const catalogued = await decideMapping(setup, reader, tap.own);
  await decideSchedule(setup, tap.own ? undefined : tap.program);
  return await plan(setup, catalogued);
}

function findTap({ line, io }: Setup): { program: Program; own: boolean } | undefined {
  const named = line.value('tap');
  if (named === 'none') return undefined;
  if (named !== undefined) return { program: programOf(named), own: false };
  const program = findProgram('tap-ukg-pro', io.env);
  return program && { program, own: true };
}

/** What the tap's own `init` is given: the options that are its own, and how questions are asked. */
function ownFlags(line: CommandLine, config: string, place: string): string[] {
  const switches = ['yes', 'plain', 'force'].filter((flag) => line.has(flag)).map((flag) => `--${flag}`);
  const texts = [...tapFlags, 'time-zone'].flatMap((flag) => {
    const value = line.value(flag);
    return value === undefined ? [] : [`--${flag}`, value];
  });
  return ['--config', config, '--secrets', place, ...switches, ...texts];
}

/** The zone that the tap's half of the settings has: both must have the same. */
async function siblingZone(config: string): Promise<string | undefined> {
  const whole = await readJsonFile(config, 'The settings file').catch(() => ({}));
  const zones = Object.values(isObject(whole) ? whole : {}).flatMap((section) =>
    isObject(section) && typeof section['time_zone'] === 'string' ? [section['time_zone']] : [],
  );
  return zones[0];
}

async function plan({ config, say }: Setup, tap: Program): Promise<number> {
  const own = process.argv[1];
  if (own === undefined) throw new ConnectorError('unexpected', said`This program does not know its own file.`);
  say('Reading again and comparing with who is in Together …');
  const args = ['plan', '--config', config, '--compare', 'remote', '--out', outputs.plan, '--report', outputs.report];
  const code = await runPipe(tap, [process.execPath, own, ...args], say);
  if (code === 0)
    say(
      `\nNothing was sent. Open ${resolve(outputs.report)}, then send exactly that plan:\n  target-together apply ${outputs.plan} --config ${config}`,
    );
  return code;
}
