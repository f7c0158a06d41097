export interface TerminalOptions {
  /** Characters in a line; lines break at words, with the label column kept free. */
  readonly columns: number;
  readonly color: boolean;
  /** false: nothing but ASCII signs, for terminals that say so by their locale. */
  readonly unicode: boolean;
}

/** What a stream can show. A pipe gets long plain lines, or as long as COLUMNS says; NO_COLOR and TERM=dumb are honoured. */
export function terminalOptions(
  stream: { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): TerminalOptions {
  const tty = stream.isTTY === true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return {
    columns: Math.min(Math.max(tty ? (stream.columns ?? 80) : Number(env.COLUMNS) || 120, 40), 160),
    color: tty && !env.NO_COLOR && env.TERM !== 'dumb',
    unicode: locale === '' || /utf-?8/i.test(locale),
  };
}

export const labelWidth = 10;

export const ascii: Record<string, string> = {
  '✓': '+',
  '✗': 'x',
  '→': '->',
  '−': '-',
  '–': '-',
  '↺': '@',
  '⇢': '>',
  '·': '|',
  '…': '...',
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
  '›': '>',
};
