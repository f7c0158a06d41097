import { describe, expect, it } from 'vitest';
import { ConnectorError, said } from '../error.ts';
import { initFlags } from './flags.ts';
import { plainPrompter } from './plain-prompter.ts';
import type { Question } from './question.ts';
import { createWizard } from './wizard.ts';

const colour: Question = {
  key: 'colour',
  flag: 'colour',
  env: 'MY_COLOUR',
  question: 'Which colour?',
  kind: 'text',
  check: (answer) => (answer === 'mauve' ? 'Nobody can tell mauve from purple.' : undefined),
};
const key: Question = { key: 'key', flag: 'key', env: 'MY_KEY', question: 'The key.', kind: 'secret' };

function wizard(from: {
  flags?: Record<string, string>;
  env?: Record<string, string>;
  saved?: Record<string, string>;
  typed?: string[];
}) {
  const lines = [...(from.typed ?? [])];
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const prompter = from.typed && plainPrompter({ say, readLine: async () => lines.shift() });
  const made = createWizard({
    line: { value: (flag) => from.flags?.[flag] },
    env: from.env ?? {},
    saved: (name) => from.saved?.[name],
    prompter,
    say,
  });
  return { ...made, said };
}

describe('an answer', () => {
  it('is the option’s, else the variable’s, else the settings file’s, else the person’s', async () => {
    const all = { flags: { colour: 'red' }, env: { MY_COLOUR: 'green' }, saved: { colour: 'blue' }, typed: ['grey'] };
    expect(await wizard(all).answer(colour)).toBe('red');
    expect(await wizard({ ...all, flags: {} }).answer(colour)).toBe('green');
    const resumed = wizard({ saved: all.saved, typed: all.typed });
    expect([await resumed.answer(colour), resumed.said]).toEqual(['blue', ['colour: blue (the settings file)']]);
    expect(await wizard({ typed: ['grey'] }).answer(colour)).toBe('grey');
  });

  it('that is wrong is named and asked for again; with nobody to ask it is an error', async () => {
    const asked = wizard({ flags: { colour: 'mauve' }, typed: ['mauve', '', 'grey'] });
    expect(await asked.answer(colour)).toBe('grey');
    expect(asked.said.filter((line) => line.includes('Nobody can tell'))).toHaveLength(2);
    await expect(wizard({ flags: { colour: 'mauve' } }).answer(colour)).rejects.toThrow('--colour: Nobody can tell');
  });

  it('of an empty line is what is proposed', async () => {
    const proposed = { ...colour, propose: () => 'teal' };
    expect(await wizard({ typed: [''] }).answer(proposed)).toBe('teal');
    expect(await wizard({}).answer(proposed)).toBe('teal');
  });

  it('that is a secret never comes from the command line', async () => {
    await expect(wizard({ flags: { key: 's3cret' } }).answer(key)).rejects.toThrow('--key takes a reference');
    expect(await wizard({ flags: { key: 'env:OTHER' } }).answer(key)).toBe('env:OTHER');
    const saved = wizard({ saved: { key: 'env:OTHER' } });
    expect([await saved.answer(key), saved.said]).toEqual(['env:OTHER', ['key: set (the settings file)']]);
  });
});

it('the options of init name the answers that can be chosen', () => {
  const flags = initFlags([
    { flag: 'schedule', kind: 'choice', question: 'What starts it?', choices: { none: 'nothing', cron: 'cron' } },
    { flag: 'client-id', kind: 'text', question: 'Client id:' },
  ]);
  expect(flags['schedule']).toMatchObject({ values: ['none', 'cron'] });
  expect(flags['client-id']).not.toHaveProperty('values');
});

it('all that is missing is named at once where nobody can be asked', () => {
  expect(() => wizard({}).need([colour, key, { ...colour, propose: () => 'teal' }])).toThrow(
    '2 answers are missing, and no question is asked:\n  colour: --colour or MY_COLOUR\n  key: MY_KEY (or --key env:NAME, file:PATH …)',
  );
});

it('what turned out wrong is asked for once more, or ends it', async () => {
  const failure = new ConnectorError('credentials', said`The account was refused.`);
  expect(await wizard({ saved: { colour: 'blue' }, typed: [''] }).again(colour, failure)).toBe('blue');
  await expect(wizard({ saved: { colour: 'blue' } }).again(colour, failure)).rejects.toBe(failure);
});
