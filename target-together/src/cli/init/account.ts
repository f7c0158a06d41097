/** The questions about Together, tried with one request that changes nothing. */
import { problemOfZone } from '@ukg-together/kit/days/zone';
import { watchDate } from '@ukg-together/kit/doctor/clock-check';
import { sayWarnings } from '@ukg-together/kit/doctor/finding';
import { asConnectorError, type ConnectorError } from '@ukg-together/kit/error';
import { inQuotes, type Question } from '@ukg-together/kit/wizard/question';
import { askedFor, keepSecret } from '@ukg-together/kit/wizard/secret-places';
import { tryTogether } from '../../app/ask-together.ts';
import { tryState } from '../../app/open-state.ts';
import { openSession } from '../../app/session.ts';
import { Settings } from '../../settings/settings.ts';
import { questions } from './questions.ts';
import type { Setup } from './setup.ts';

type Key = keyof typeof questions;

const { region, api_url: apiUrl } = Settings.shape;

const isAddress = (answer: string): boolean => /^https?:\/\//i.test(answer);

/** A region, or the address of a proxy or sandbox in its place. */
function problemOfRegion(answer: string): string | undefined {
  if (isAddress(answer) ? apiUrl.safeParse(answer).success : region.safeParse(answer).success) return undefined;
  return 'The regions are us, eu, ca and au: ask support@togetherplatform.com which one is yours. There is no default: a wrong one sends personal data to the wrong jurisdiction.';
}

const headerSafe = (key: 'organization_id' | 'client_id' | 'api_key') => (answer: string) =>
  inQuotes(answer) ??
  (Settings.shape[key].safeParse(answer).success ? undefined : 'It holds characters that no HTTP header can carry.');

const checks: Record<Key, (answer: string) => string | undefined> = {
  time_zone: problemOfZone,
  region: problemOfRegion,
  organization_id: headerSafe('organization_id'),
  client_id: headerSafe('client_id'),
  api_key: headerSafe('api_key'),
};

const asked = (key: Key, zone: string | undefined): Question => ({
  ...questions[key],
  check: checks[key],
  ...(key === 'time_zone' && { propose: () => zone }),
});

const keys = Object.keys(questions) as Key[];

/** What has to be answered, before anything is asked. */
export const needed = (zone: string | undefined): Question[] => keys.map((key) => asked(key, zone));

/** Asks until Together takes the answers. Throws ConnectorError where no one can be asked, or another one is needed. */
export async function askTogether(setup: Setup, place: string, zone: string | undefined): Promise<void> {
  const { wizard, file, io, config, say } = setup;
  const take = async (key: Key, failure?: ConnectorError) => {
    io.signal.throwIfAborted();
    // Said once, by the other half of the settings.
    if (key === 'time_zone' && zone !== undefined) return await file.set(key, zone);
    const question = asked(key, zone);
    const answer = (one: Question) => (failure ? wizard.again(one, failure) : wizard.answer(one));
    if (question.kind === 'secret') {
      const variable = question.env as string;
      const value = await answer(askedFor(question, place, !failure && !!io.env[variable]));
      return await file.set(key, keepSecret(place, { variable, value, fromEnv: io.env[variable] === value }, '.'));
    }
    if (key !== 'region') return await file.set(key, await answer(question));
    const where = await answer(question);
    await file.set('region', isAddress(where) ? undefined : where);
    await file.set('api_url', isAddress(where) ? where : undefined);
  };
  for (const key of keys) await take(key);
  for (;;) {
    const failure = await tried(config, setup);
    if (failure === undefined) return;
    const wrong = askAgain[failure.kind];
    if (wrong === undefined) throw failure;
    say(`! ${[failure.message, failure.hint].filter(Boolean).join(' ')}`);
    for (const key of wrong) await take(key, failure);
  }
}

/** A refusal does not say which of the four is wrong; who types Enter keeps an answer. */
const askAgain: Partial<Record<ConnectorError['kind'], readonly Key[]>> = {
  credentials: ['region', 'organization_id', 'client_id', 'api_key'],
  unreachable: ['region'],
};

async function tried(config: string, { io, say }: Setup): Promise<ConnectorError | undefined> {
  const session = await openSession([config], io);
  const { connections } = session;
  const watch = watchDate(connections.send, io.clock);
  try {
    say(await tryTogether({ ...session, connections: { ...connections, send: watch.send } }));
    await sayWarnings(watch.check, say);
    // A folder that this user can't write would end the first night, not this hour.
    await tryState(session);
    return undefined;
  } catch (thrown) {
    return asConnectorError(thrown);
  } finally {
    await session.close();
  }
}
