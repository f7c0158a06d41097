/** docs/troubleshooting.md: every error text of the sources under its kind, and every fault of a person's record under its code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type ErrorKind, ExitCode } from '../kit/src/error.ts';
import { faultOf, problemCodes } from '../target-together/src/mapping/values/faults.ts';

interface Kind {
  readonly code: number;
  readonly means: string;
  readonly next: string;
}

const kinds: Readonly<Record<Exclude<ErrorKind, 'sigint' | 'sigterm'>, Kind>> = {
  settings: {
    code: ExitCode.settings,
    means: 'A setting, a flag, a mapping, or a file that a flag names is wrong. Nothing was sent.',
    next: 'The message names the setting, flag or file. [settings.md](settings.md) lists every setting; `doctor` checks them all.',
  },
  credentials: {
    code: ExitCode.credentials,
    means: 'A user name, password or key is wrong, or a right is missing.',
    next: 'Run `doctor` of the half that the message comes from: it names the missing right and the screen where it is given. [secrets.md](secrets.md) shows where keys may be kept.',
  },
  guard: {
    code: ExitCode.guard,
    means: 'The plan changes more people than a limit allows. Nothing was sent.',
    next: '[When a guard stops a run](operations.md#when-a-guard-stops-a-run-exit-3): look at the plan, then release exactly that plan or correct the source.',
  },
  unreachable: {
    code: ExitCode.unreachable,
    means: 'An API stayed unreachable, kept failing, or gave an answer that is not recognised.',
    next: 'It may pass by itself: run again later. If it does not: [network.md](network.md) for hosts, proxies and certificates.',
  },
  refused: {
    code: ExitCode.refused,
    means: 'The run is done, but more people were refused than `max_rejected_percent` allows.',
    next: 'Run `target-together worklist --config config.json`: it lists the people by id with what to correct.',
  },
  locked: {
    code: ExitCode.locked,
    means: 'Another run uses the same state.',
    next: 'Wait for it: `target-together status --config config.json` shows whether a run is under way.',
  },
  input: {
    code: ExitCode.unexpected,
    means: 'The messages on stdin can not be read.',
    next: 'Look at the program before the pipe, and at its own error.',
  },
  unexpected: {
    code: ExitCode.unexpected,
    means: 'A fault of ours, or of the machine: a full disk, a closed pipe.',
    next: 'Run again with `LOGLEVEL=DEBUG`, and report the stack that it prints.',
  },
};

const kindNames = Object.keys(kinds) as (keyof typeof kinds)[];
const isKind = (text: string): text is keyof typeof kinds => Object.hasOwn(kinds, text);

/** A text of the sources with … where a value stands; undefined: it is made elsewhere. */
function written(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  return undefined;
}

/** `settings`, or both kinds of `away ? 'unreachable' : 'credentials'`. */
const kindsOf = (node: ts.Expression | undefined): string[] =>
  node === undefined
    ? []
    : ts.isConditionalExpression(node)
      ? [...kindsOf(node.whenTrue), ...kindsOf(node.whenFalse)]
      : [written(node) ?? ''];

export interface ErrorText {
  readonly kind: keyof typeof kinds;
  readonly message: string;
  readonly hint: string | undefined;
}

/** The error texts that a source file makes with `new ConnectorError(kind, message, { hint })`. */
export function errorTexts(text: string): ErrorText[] {
  const found: ErrorText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'ConnectorError') {
      const [kind, sentence, detail] = node.arguments ?? [];
      const message = written(sentence);
      const hints: string[] = [];
      const look = (each: ts.Node): void => {
        if (ts.isPropertyAssignment(each) && each.name.getText() === 'hint')
          hints.push(written(each.initializer) ?? '');
        ts.forEachChild(each, look);
      };
      if (detail) look(detail);
      for (const name of kindsOf(kind))
        if (message !== undefined && /\p{L}{3}/u.test(message) && isKind(name))
          found.push({ kind: name, message, hint: hints.find((hint) => hint !== '') });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Every source that may end in front of a user. */
const sources = (root: string) =>
  ['kit', 'protocol', 'transport', 'tap-ukg-pro', 'target-together'].flatMap((name) =>
    readdirSync(join(root, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|testing\//.test(path))
      .sort()
      .map((path) => readFileSync(join(root, name, 'src', path), 'utf8')),
  );

const plain = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[`*_|]/g, (sign) => (sign === '_' ? '_' : ''))
    .replaceAll('<', '‹')
    .replaceAll('>', '›');

function kindSection(kind: keyof typeof kinds, texts: readonly ErrorText[]): string {
  const { code, means, next } = kinds[kind];
  const unique = new Map(texts.filter((text) => text.kind === kind).map((text) => [plain(text.message), text]));
  const entries = [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([message, { hint }]) => (hint === undefined ? `### ${message}` : `### ${message}\n\n${plain(hint)}`));
  return [`## ${kind}`, `Exit code ${code}. ${means}`, next, ...entries].join('\n\n');
}

export function troubleshootingPage(root: string): string {
  const texts = sources(root).flatMap(errorTexts);
  const rows = kindNames.map((kind) => `| [${kind}](#${kind}) | ${kinds[kind].code} | ${kinds[kind].means} |`);
  const faults = problemCodes.map((code) => {
    const { message, remedy } = faultOf('The field', { problem: code });
    return `### ${code}\n\n${plain(message)} ${plain(remedy)}`;
  });
  return `${[
    '# Troubleshooting: look up a message',
    'Generated from the sources by `npm run generate`: every error text under its kind. An … stands for a name, number or path of yours.',
    [
      '| kind | exit code | means |',
      '|---|--:|---|',
      ...rows,
      '| [records of people](#records-of-people) | | One person could not be sent; the others were. |',
    ].join('\n'),
    ...kindNames.map((kind) => kindSection(kind, texts)),
    '## records of people',
    'The summary counts these, and names the people by id. `target-together explain EMPLOYEE_ID` shows the record. Other people are sent.',
    ...faults,
  ].join('\n\n')}\n`;
}
