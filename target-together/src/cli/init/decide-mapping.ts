/** One read of the tap, what it shows, and the mapping and filters that follow from it. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { putFile } from '@ukg-together/kit/files/put-file';
import { parseJson } from '@ukg-together/kit/lines/json';
import { openSettingsFile } from '@ukg-together/kit/wizard/settings-file';
import { mappingOptions } from '../../app/mapping-session.ts';
import { openSession } from '../../app/session.ts';
import { checkCatalog } from '../../mapping/tools/check-catalog.ts';
import { suggestMapping } from '../../mapping/tools/suggest.ts';
import { type PeopleRead, peopleRead } from './people-read.ts';
import { type Program, readLines } from './programs.ts';
import { chosen, findings, type Proposal, proposalsFor, type UsedStream } from './proposals.ts';
import { take } from './questions.ts';
import { selectMapped } from './select.ts';
import { outputs, type Setup } from './setup.ts';

/** Writes mapping, filters and custom fields into the settings, and the catalog; gives the tap's command line from now on. */
export async function decideMapping(setup: Setup, tap: Program, discovers: boolean): Promise<Program> {
  const { say, io, file, config } = setup;
  const customs = discovers ? await askForCustoms(config) : undefined;
  say('Reading the people once; nothing of them is kept …');
  const { read, log } = await readPeople(setup, tap, customs);
  const [, department] = /the department is (.+)/.exec(log) ?? [];
  const used = await usedStream(setup, read);
  const count = read.of(used.stream);
  if (count === undefined || count.records === 0)
    throw new ConnectorError('settings', said`The tap brought no person in stream ${used.stream}.`, {
      hint: 'Look at the rights of its account, at company_ids and at its filters.',
    });
  for (const line of findings(used, count)) say(line);
  if (department !== undefined) say(`Department: ${department}`);
  const proposals = proposalsFor(used, count);
  const decided = file.get('filters') !== undefined || file.get('hris_fields') !== undefined;
  if (decided) say('Filters and custom fields stay as the settings file has them.');
  else if (proposals.length > 0) await write(setup, await choose(setup, proposals));
  if (!discovers) return tap;
  await customs?.keepIf((await usedStream(setup, read)).unread);
  let text = '';
  await readLines(
    [...tap, '--discover'],
    (line) => {
      text += `${line}\n`;
    },
    io.env,
  );
  const { stream, unread } = await usedStream(setup, read);
  const catalog = selectMapped(parseJson(text, 'The catalog of the tap'), stream, unread);
  putFile(outputs.catalog, `${JSON.stringify(catalog, null, 2)}\n`);
  return [...tap, '--catalog', outputs.catalog];
}

/** The field in which our tap brings what a company has set up itself. It needs no right beyond those of the others. */
const customField = 'userDefinedFields';

/** Has the tap bring it, unless its settings say already what it brings; `keepIf` takes that back where no rule reads it. */
async function askForCustoms(config: string) {
  const tap = await openSettingsFile(config, 'tap-ukg-pro');
  if (tap.get('include_fields') !== undefined) return undefined;
  await tap.set('include_fields', [`employees.${customField}`]);
  const drop = async () => await tap.set('include_fields', undefined);
  return {
    drop,
    keepIf: async (unread: readonly string[]) => (unread.includes(customField) ? await drop() : undefined),
  };
}

async function readPeople({ say, io }: Setup, tap: Program, customs: { drop(): Promise<void> } | undefined) {
  const once = async () => {
    const read = peopleRead((field) => /mail/i.test(field));
    return { read, log: await readLines(tap, (line) => read.line(line), io.env) };
  };
  try {
    return await once();
  } catch (thrown) {
    if (customs === undefined) throw thrown;
    await customs.drop();
    say('Reading again, without the custom fields of the company …');
    return await once();
  }
}

/** The stream that holds the people, as the settings map it now. Writes the proposed mapping where no preset fits. */
async function usedStream({ config, io, file }: Setup, read: PeopleRead): Promise<UsedStream> {
  const check = async () => {
    const session = await openSession([config], io);
    try {
      return await checkCatalog(
        read.catalog(),
        mappingOptions(session.settings, io.env, io.clock, () => {}),
      );
    } finally {
      await session.close();
    }
  };
  let checked = await check();
  if (!checked.ok && file.get('mapping') === undefined) {
    const { settings, stream } = await suggestMapping(read.catalog());
    if (stream !== undefined) {
      await file.set('mapping', settings.mapping);
      if (settings.deleted_when && file.get('deleted_when') === undefined)
        await file.set('deleted_when', settings.deleted_when);
      checked = await check();
    }
  }
  const [used] = checked.streams.filter((stream) => stream.used);
  if (used && checked.ok) return used;
  const faults = used?.faults.map(({ path, message }) => `${path} ${message}`).join('; ') ?? 'no stream holds people';
  throw new ConnectorError('settings', said`The mapping does not fit what the tap brings: ${faults}.`, {
    hint: 'Add rules to "mapping" in the settings file (docs/mapping.md) and start again: it goes on here.',
  });
}

async function choose({ wizard, say }: Setup, proposals: readonly Proposal[]): Promise<readonly Proposal[]> {
  say('Proposals:');
  for (const [at, { text }] of proposals.entries()) say(`  ${at + 1}. ${text}`);
  const answer = await wizard.answer({
    ...take,
    propose: () => 'none',
    check: (text) =>
      chosen(text, proposals) ? undefined : `The answer is all, none, or numbers from 1 to ${proposals.length}.`,
  });
  return chosen(answer, proposals) ?? [];
}

async function write({ file }: Setup, taken: readonly Proposal[]): Promise<void> {
  await file.set(
    'filters',
    taken.flatMap(({ filter }) => filter ?? []),
  );
  await file.set('hris_fields', Object.fromEntries(taken.flatMap(({ custom }) => (custom ? [custom] : []))));
}
