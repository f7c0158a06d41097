/** Questions of `init` as data. */

export interface Question {
  /** The setting, or what is asked besides settings. */
  readonly key: string;
  /** Without the dashes. */
  readonly flag: string;
  /** The variable that answers it, where there is one. */
  readonly env?: string;
  readonly question: string;
  readonly kind: 'text' | 'secret' | 'choice' | 'confirm';
  /** Of a choice: what may be answered, and what it means. */
  readonly choices?: Readonly<Record<string, string>>;
  /** What is wrong with an answer, and what to do; undefined: nothing. Never repeats a secret. */
  readonly check?: (answer: string) => string | undefined;
  /** The answer of an empty line, and of `--yes`. */
  readonly propose?: () => string | undefined;
}

/** What a person is shown with a question. */
export interface Shown {
  readonly proposal: string | undefined;
  /** Why it is asked again. */
  readonly problem: string | undefined;
}

/** How questions reach a person. */
export interface Prompter {
  /** An empty answer takes the proposal. Throws ConnectorError `settings` when no one answers any more. */
  ask(question: Question, shown: Shown): Promise<string>;
}

/** A key or id that was copied with its quotes. */
export const inQuotes = (answer: string): string | undefined =>
  /^(["'`]).*\1$|^[“„«‘].*[”“»’]$/.test(answer) ? 'It stands in quotes: paste it without the quotes.' : undefined;

/** What is wrong with the form of an answer; its own check comes after. */
export function problemOf(question: Question, answer: string): string | undefined {
  const { kind, choices = {} } = question;
  if (answer === '') return 'An answer is needed.';
  if (kind === 'choice' && !Object.hasOwn(choices, answer))
    return `The answer is one of: ${Object.keys(choices).join(', ')}.`;
  if (kind === 'confirm' && !['yes', 'no'].includes(answer)) return 'The answer is yes or no.';
  return question.check?.(answer);
}
