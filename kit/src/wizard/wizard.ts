/** Finds the answer to each question: a flag, a variable, what the settings file has, or the person. */
import type { CommandLine } from '../command/command-line.ts';
import { ConnectorError, said } from '../error.ts';
import { isReference } from '../secrets/resolve.ts';
import type { Environment } from '../text/environment.ts';
import { type Prompter, problemOf, type Question } from './question.ts';

export interface WizardOptions {
  readonly line: Pick<CommandLine, 'value'>;
  readonly env: Environment;
  /** undefined: no one is there to ask (`--yes`). */
  readonly prompter: Prompter | undefined;
  /** The answer that an earlier start has left in the settings file. */
  readonly saved: (key: string) => string | undefined;
  /** Shows a line. */
  readonly say: (text: string) => void;
}

export interface Wizard {
  /** Refuses to start while no one can be asked and an answer is missing: names the flag or variable of each. */
  need(questions: readonly Question[]): void;
  answer(question: Question): Promise<string>;
  /** Asks once more, since the answer has turned out to be wrong (say so before); throws `failure` where no one can be asked. */
  again(question: Question, failure: ConnectorError): Promise<string>;
}

export function createWizard({ line, env, prompter, saved, say }: WizardOptions): Wizard {
  const given = (question: Question): { answer: string; from: string } | undefined => {
    const flag = line.value(question.flag);
    if (flag !== undefined) return { answer: flag, from: `--${question.flag}` };
    const variable = question.env === undefined ? undefined : env[question.env];
    if (variable) return { answer: variable, from: question.env as string };
    const kept = saved(question.key);
    return kept === undefined ? undefined : { answer: kept, from: 'the settings file' };
  };

  const prompt = async (question: Question, first: { proposal: string | undefined; problem: string | undefined }) => {
    let { problem } = first;
    for (;;) {
      const typed = await (prompter as Prompter).ask(question, { proposal: first.proposal, problem });
      const answer = typed.trim() === '' ? (first.proposal ?? '') : typed.trim();
      problem = problemOf(question, answer);
      if (problem === undefined) return answer;
    }
  };

  return {
    need(questions) {
      if (prompter) return;
      const missing = questions.filter((question) => !given(question) && question.propose?.() === undefined);
      if (missing.length > 0) throw missingError(missing);
    },
    async answer(question) {
      const known = given(question);
      const proposal = question.propose?.();
      const onLine = line.value(question.flag);
      if (question.kind === 'secret' && onLine !== undefined && !isReference(onLine)) throw secretInArgv(question);
      const problem = known && problemOf(question, known.answer);
      if (known && problem === undefined) {
        if (known.from === 'the settings file')
          say(`${question.key}: ${question.kind === 'secret' ? 'set' : known.answer} (${known.from})`);
        return known.answer;
      }
      if (prompter) return await prompt(question, { proposal, problem });
      if (known)
        throw new ConnectorError('settings', said`${known.from}: ${problem ?? ''} This answer is not taken.`, {
          hint: 'Give another answer and go on.',
        });
      if (proposal === undefined) throw missingError([question]);
      return proposal;
    },
    async again(question, failure) {
      if (!prompter) throw failure;
      const proposal = question.kind === 'secret' ? undefined : saved(question.key);
      return await prompt(question, { proposal: proposal ?? question.propose?.(), problem: undefined });
    },
  };
}

const namesOf = ({ kind, flag, env }: Question): string =>
  kind === 'secret' ? `${env} (or --${flag} env:NAME, file:PATH …)` : `--${flag}${env ? ` or ${env}` : ''}`;

function missingError(missing: readonly Question[]): ConnectorError {
  const lines = missing.map((one) => `  ${one.key}: ${namesOf(one)}`);
  const what = missing.length === 1 ? 'An answer is' : `${missing.length} answers are`;
  return new ConnectorError('settings', said`${what} missing, and no question is asked:\n${lines.join('\n')}`, {
    hint: 'Give them as options or variables; what was answered before is kept in the settings file.',
  });
}

const secretInArgv = (question: Question): ConnectorError =>
  new ConnectorError(
    'settings',
    said`--${question.flag} takes a reference (env:NAME, file:PATH …), never the secret.`,
    {
      hint: `Every user of a machine can read command lines. Give it in ${question.env}, or when you are asked. Change the one that was typed here.`,
    },
  );
