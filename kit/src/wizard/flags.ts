/** The options of `init`, from its questions. Loads nothing: they are part of `--help`. */
import type { Flag } from '../command/command-line.ts';
import type { Question } from './question.ts';

type Asked = Pick<Question, 'flag' | 'kind' | 'question'> & { readonly choices?: Question['choices'] | undefined };

/** Every answer, where secrets are kept, and how questions are asked. A secret is taken by reference only. */
export const initFlags = (questions: readonly Asked[]): Record<string, Flag> => ({
  ...Object.fromEntries(
    questions.map(({ flag, kind, question, choices }) => [
      flag,
      {
        kind: 'text',
        ...(kind === 'secret' && { placeholder: 'REFERENCE' }),
        ...(choices && { values: Object.keys(choices) }),
        description:
          kind === 'secret'
            ? `${question.replace(/:$/, '.')} As a reference only, such as env:NAME.`
            : question.replace(/:$/, '.'),
      },
    ]),
  ),
  secrets: {
    kind: 'text',
    values: ['env', 'files', 'keychain', 'references'],
    description: 'Where secrets are kept; default env, the file .env.',
  },
  yes: { kind: 'switch', description: 'Ask nothing: take the options, the variables and what is proposed.' },
  plain: { kind: 'switch', description: 'Ask in plain lines, as for a screen reader.' },
  force: { kind: 'switch', description: 'Replace files that are there already.' },
});
