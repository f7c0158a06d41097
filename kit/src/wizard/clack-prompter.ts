/** Questions on a terminal, with colours and choices by arrow keys. */
import { ConnectorError, said } from '../error.ts';
import type { Prompter, Question, Shown } from './question.ts';

export async function clackPrompter(): Promise<Prompter> {
  const clack = await import('@clack/prompts');
  return {
    async ask(question, shown) {
      if (shown.problem !== undefined) clack.log.warn(shown.problem);
      const answer = await asked(clack, question, shown);
      if (!clack.isCancel(answer)) return typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : (answer ?? '');
      throw new ConnectorError('sigint', said`Stopped at ${question.key}.`, {
        hint: 'What was answered is kept: start again, and it goes on here.',
      });
    },
  };
}

function asked(clack: typeof import('@clack/prompts'), question: Question, { proposal }: Shown) {
  const { question: message, kind, choices = {} } = question;
  if (kind === 'secret') return clack.password({ message });
  if (kind === 'confirm') return clack.confirm({ message, initialValue: proposal === 'yes' });
  const proposed = proposal === undefined ? {} : { initialValue: proposal };
  const options = Object.entries(choices).map(([value, what]) => ({ value, label: `${value}: ${what}` }));
  if (kind === 'choice') return clack.select({ message, options, ...proposed });
  return clack.text({ message, ...(proposal !== undefined && { placeholder: proposal, defaultValue: proposal }) });
}
