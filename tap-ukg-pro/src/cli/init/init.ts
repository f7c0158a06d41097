/** `tap-ukg-pro init`: asks for what UKG Pro needs, tries it as the doctor does, and writes this half of the settings. */
import { basename, dirname, resolve } from 'node:path';
import { systemClock } from '@ukg-together/kit/clock';
import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { stopSignal } from '@ukg-together/kit/command/stop-signal';
import { problemOfZone } from '@ukg-together/kit/days/zone';
import { watchDate } from '@ukg-together/kit/doctor/clock-check';
import { sayWarnings } from '@ukg-together/kit/doctor/finding';
import { ConnectorError, type ErrorKind, ExitCode } from '@ukg-together/kit/error';
import { logFailure } from '@ukg-together/kit/log/failure';
import { createLogger, type Logger } from '@ukg-together/kit/log/log';
import { createRedactor, type Redactor } from '@ukg-together/kit/log/redact';
import { isReference } from '@ukg-together/kit/secrets/resolve';
import { visible } from '@ukg-together/kit/text/visible';
import { checkFolder, ignoreInGit } from '@ukg-together/kit/wizard/init-files';
import { openPrompter } from '@ukg-together/kit/wizard/open-prompter';
import type { Question } from '@ukg-together/kit/wizard/question';
import { inQuotes } from '@ukg-together/kit/wizard/question';
import { askedFor, keepSecret, placeOf, placeQuestion } from '@ukg-together/kit/wizard/secret-places';
import { openSettingsFile, type SettingsFile } from '@ukg-together/kit/wizard/settings-file';
import { createWizard, type Wizard } from '@ukg-together/kit/wizard/wizard';
import { wrapped } from '@ukg-together/kit/wizard/wrapped';
import { selectStreams } from '@ukg-together/protocol/singer/catalog';
import { traced } from '@ukg-together/transport/http/traced';
import { buildCatalog } from '../../catalog/catalog.ts';
import type { Checkup } from '../../doctor/checkup.ts';
import { checkup } from '../../doctor/doctor.ts';
import { renderCheckup } from '../../doctor/text.ts';
import { normaliseBaseUrl } from '../../settings/base-url.ts';
import { openHttp, readSettings } from '../process.ts';
import { missingRight, questions } from './questions.ts';

const say = (text: string) => void process.stdout.write(`${visible(text)}\n`);

/** Gives the exit code. Works in the folder of the settings file: that is where `.env` is looked for. */
export async function runInit(line: CommandLine): Promise<number> {
  const redactor = createRedactor();
  const { env, stderr } = process;
  // A person reads this; what a run logs for programs (its metrics) is for those who ask.
  const log = createLogger({
    name: 'tap-ukg-pro',
    env: { LOGLEVEL: 'WARNING', ...env },
    stream: stderr,
    clock: systemClock,
    redactor,
  });
  const signal = stopSignal(process, 'What was answered is kept: start again, and it goes on here.');
  try {
    const path = resolve(line.value('config') ?? 'config.json');
    checkFolder(dirname(path));
    process.chdir(dirname(path));
    const file = await openSettingsFile(path, 'tap-ukg-pro');
    const prompter = await openPrompter(line, say, signal);
    const saved = (key: string) => (key === placeQuestion.key ? placeOf(file.get('password'), '.') : file.text(key));
    const wizard = createWizard({ line, env, prompter, saved, say });
    return await ask({ wizard, file, config: basename(path), log, redactor, signal });
  } catch (thrown) {
    return logFailure(log, signal.aborted ? signal.reason : thrown);
  }
}

interface Setup {
  readonly wizard: Wizard;
  readonly file: SettingsFile;
  readonly config: string;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

const asked: Record<keyof typeof questions, Question> = {
  ...questions,
  base_url: { ...questions.base_url, check: problemOfUrl },
  username: {
    ...questions.username,
    check: (answer) => (answer.includes(':') ? 'A user name holds no colon.' : undefined),
  },
  customer_api_key: { ...questions.customer_api_key, check: problemOfKey },
  time_zone: { ...questions.time_zone, check: problemOfZone, propose: proposedZone },
};

type Key = keyof typeof asked;
const keys = Object.keys(asked) as Key[];

function problemOfKey(answer: string): string | undefined {
  if (isReference(answer)) return undefined;
  if (/^[A-Za-z0-9]{12}$/.test(answer))
    return 'A key of twelve characters is the User API key, which is not needed. The Customer API key has five.';
  return inQuotes(answer);
}

function problemOfUrl(answer: string): string | undefined {
  try {
    normaliseBaseUrl(answer);
    return undefined;
  } catch (thrown) {
    const { message, hint } = thrown as ConnectorError;
    return `${message} ${hint ?? ''}`.trim();
  }
}

/** That of this machine, where it has one: a server's clock says UTC wherever it stands. */
function proposedZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone.includes('/') && !timeZone.startsWith('Etc/') ? timeZone : 'America/New_York';
}

async function ask(setup: Setup): Promise<number> {
  const { wizard, file, signal } = setup;
  say('UKG Pro: five questions. Nothing is changed there.');
  wizard.need(Object.values(asked));
  let place: string | undefined;
  const take = async (key: Key, failure?: ConnectorError) => {
    const question: Question = asked[key];
    signal.throwIfAborted();
    if (question.kind !== 'secret') {
      const answer = failure ? await wizard.again(question, failure) : await wizard.answer(question);
      await file.set(key, key === 'base_url' ? normaliseBaseUrl(answer) : answer);
      return;
    }
    place ??= await wizard.answer(placeQuestion);
    const variable = question.env as string;
    const fits = askedFor(question, place, !failure && !!process.env[variable]);
    const value = failure ? await wizard.again(fits, failure) : await wizard.answer(fits);
    ignoreInGit(ignored);
    await file.set(key, keepSecret(place, { variable, value, fromEnv: process.env[variable] === value }, '.'));
  };
  for (const key of keys) await take(key);
  for (;;) {
    const report = await tried(setup);
    for (const row of renderCheckup(report).split('\n')) say(wrapped(row, 0, row.startsWith(' ') ? 16 : 0));
    if (report.exitCode === 0) return 0;
    const failure = new ConnectorError(kinds[report.exitCode] ?? 'unreachable', report.sentence, {
      ...(report.hint && { hint: report.hint }),
    });
    const wrong = askAgain(report);
    if (wrong === undefined) throw failure;
    if (wrong.length === 0 && (await wizard.again(missingRight, failure)) === 'no') return report.exitCode;
    for (const key of wrong) await take(key, failure);
  }
}

/** What git must not see of these files. */
const ignored = ['config.json', '.env', 'secrets/'];

const kinds: Record<number, ErrorKind> = { [ExitCode.settings]: 'settings', [ExitCode.credentials]: 'credentials' };

/** What is asked again; nothing: UKG's screen has to be changed first; undefined: no answer would help. */
function askAgain({ verdict, services }: Checkup): readonly Key[] | undefined {
  if (verdict === 'wrong_credentials') return ['username', 'password', 'customer_api_key'];
  if (verdict === 'missing_rights') return [];
  // Where none answers as UKG does, such as a portal that people log in to, it is another host.
  const isOtherHost = verdict === 'failed' && services.every(({ result }) => result !== 'ok');
  return verdict === 'unreachable' || isOtherHost ? ['base_url'] : undefined;
}

/** With the settings as a run reads them, so that the reference to each secret is tried too. */
async function tried({ config, log, redactor, signal }: Setup): Promise<Checkup> {
  const settings = await readSettings([config], log, redactor);
  const catalog = buildCatalog(settings);
  const selected = selectStreams(catalog.definitions, undefined, () => {});
  const http = openHttp(settings);
  try {
    const watch = watchDate(traced(http.send, log), systemClock);
    const deps = { send: watch.send, clock: systemClock, log, random: Math.random, signal };
    say('Trying each web service that is needed …');
    const report = await checkup(deps, { settings, catalog, selected });
    await sayWarnings(watch.check, say);
    return report;
  } finally {
    await http.close();
  }
}
