/** `mapping check` and `mapping suggest`: a tap's catalog against the mapping, without reading anyone. */
import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import { logAnswered } from '@ukg-together/kit/log/failure';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { loadSettings } from '@ukg-together/kit/settings/load-settings';
import { mappingOptions } from '../../app/mapping-session.ts';
import settingsJson from '../../generated/settings.json' with { type: 'json' };
import { checkCatalog, renderCheck } from '../../mapping/tools/check-catalog.ts';
import { suggestMapping } from '../../mapping/tools/suggest.ts';
import { renderSuggestion } from '../../mapping/tools/suggestion-text.ts';
import { namesFolder } from '../../settings/cross-checks.ts';
import { Settings } from '../../settings/settings.ts';
import type { Command } from './command.ts';

async function catalogOf(line: CommandLine): Promise<unknown> {
  const path = line.value('catalog');
  if (path === undefined) {
    throw new ConnectorError('settings', said`${line.command} needs --catalog FILE.`, {
      hint: 'Make one with the tap: tap-… --config FILE --discover > catalog.json',
    });
  }
  return await readJsonFile(path, 'The catalog');
}

export const check: Command = async (line, io) => {
  const settings = await loadSettings<Settings>({
    files: line.values('config'),
    env: io.env,
    name: 'target-together',
    schema: Settings,
    json: settingsJson as JsonSchema,
    log: io.log,
    paths: { state_dir: namesFolder },
    redactor: io.redactor,
  });
  const found = await checkCatalog(
    await catalogOf(line),
    mappingOptions(settings, io.env, io.clock, () => {}),
  );
  io.stdout.write(line.value('format') === 'json' ? `${JSON.stringify(found, null, 2)}\n` : renderCheck(found));
  if (found.ok) return ExitCode.ok;
  logAnswered(io.log, io.stdout, {
    message: 'The mapping does not fit the catalog: the answer on stdout names each fault.',
  });
  return ExitCode.settings;
};

export const suggest: Command = async (line, io) => {
  const suggestion = await suggestMapping(await catalogOf(line));
  io.stdout.write(
    line.value('format') === 'json' ? `${JSON.stringify(suggestion, null, 2)}\n` : renderSuggestion(suggestion),
  );
  return ExitCode.ok;
};
