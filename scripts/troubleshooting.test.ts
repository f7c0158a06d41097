import { expect, it } from 'vitest';
import { textsOf } from './troubleshooting.ts';

it('finds every sentence of an error with its kind, its hint and the anchor that the error prints', () => {
  const text = `
    const hint = 'Make ' + 'one.';
    throw new ConnectorError('settings', said\`The file \${path} is gone.\`, { hint });
    throw new ConnectorError(away ? 'unreachable' : 'credentials', said\`\${host} said no.\`, {
      hint: away ? 'Wait.' : 'Look at the key.',
    });
    throw new ConnectorError(worst.kind, said\`Streams failed.\`);
    class Many extends ConnectorError {
      constructor(one: boolean) { super('guard', one ? said\`One is wrong.\` : said\`Many are wrong.\`); }
    }
  `;
  const either = { anchor: 'said-no', message: '… said no.', hint: 'Wait. Or: Look at the key.' };
  expect(textsOf(text).errors).toEqual([
    { kind: 'settings', anchor: 'the-file-is-gone', message: 'The file … is gone.', hint: 'Make one.' },
    { kind: 'unreachable', ...either },
    { kind: 'credentials', ...either },
    { kind: 'other kinds', anchor: 'streams-failed', message: 'Streams failed.', hint: undefined },
    { kind: 'guard', anchor: 'one-is-wrong', message: 'One is wrong.', hint: undefined },
    { kind: 'guard', anchor: 'many-are-wrong', message: 'Many are wrong.', hint: undefined },
  ]);
});

it('gives a sentence that is made apart the kind of the error that takes it', () => {
  const text = `
    const fault = (message: Sentence) => new ConnectorError('input', message);
    if (empty) throw fault(said\`It is empty.\`);
  `;
  expect(textsOf(text).errors).toMatchObject([{ kind: 'input', message: 'It is empty.' }]);
  expect(textsOf('const sentence = said`Nothing works.`;').errors).toMatchObject([{ kind: 'other kinds' }]);
});

it('finds what may be wrong with a setting, and with a record', () => {
  const text = `
    faults.push({ path, message: 'must be a list' });
    problems.push({ field: 'email', code: 'twice', message: \`Also of \${id}.\`, fix: 'Correct one.' });
  `;
  expect(textsOf(text)).toMatchObject({
    errors: [],
    faults: ['must be a list'],
    ofPeople: [{ code: 'twice', text: 'Also of …. Correct one.' }],
  });
});
