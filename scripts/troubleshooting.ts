/** docs/troubleshooting.md: every sentence of an error (`said`) at the anchor that the error prints, and every fault of a person's record under its code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { checkAnchor, checkTexts } from '../kit/src/doctor/check-texts.ts';
import { anchorOf, type ErrorKind, ExitCode } from '../kit/src/error.ts';
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
/** Of an error whose kind is that of another failure, or a signal. */
const otherKinds = 'other kinds';
const isKind = (text: string): text is keyof typeof kinds => Object.hasOwn(kinds, text);

type Constants = ReadonlyMap<string, ts.Expression>;

/** A text of the sources with … where a value stands; undefined: it is made elsewhere. */
function written(node: ts.Node | undefined, constants: Constants): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  if (ts.isBinaryExpression(node))
    return `${written(node.left, constants) ?? '…'}${written(node.right, constants) ?? '…'}`;
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [written(node.whenTrue, constants), written(node.whenFalse, constants)];
    return yes && no ? `${yes} Or: ${no}` : yes || no;
  }
  const constant = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
  return constant && written(constant, constants);
}

/** The static parts of a template, as the tag `said` gets them. */
const partsOf = (template: ts.TemplateLiteral): string[] =>
  ts.isTemplateExpression(template)
    ? [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)]
    : [template.text];

/** `settings`, or both kinds of `away ? 'unreachable' : 'credentials'`. */
const kindsOf = (node: ts.Expression | undefined): string[] =>
  node === undefined
    ? []
    : ts.isConditionalExpression(node)
      ? [...kindsOf(node.whenTrue), ...kindsOf(node.whenFalse)]
      : [ts.isStringLiteralLike(node) && isKind(node.text) ? node.text : otherKinds];

/** `new ConnectorError(…)`, or `super(…)` of a class of such errors. */
const isError = (node: ts.Node): node is ts.NewExpression | ts.CallExpression =>
  (ts.isNewExpression(node) && node.expression.getText() === 'ConnectorError') ||
  (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword);

/** The error that a sentence is made in, be it one of two. */
function errorAround({ parent }: ts.Node): ts.NewExpression | ts.CallExpression | undefined {
  if (ts.isConditionalExpression(parent) || ts.isBinaryExpression(parent)) return errorAround(parent);
  return isError(parent) ? parent : undefined;
}

export interface ErrorText {
  readonly kind: string;
  readonly anchor: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface Texts {
  readonly errors: readonly ErrorText[];
  /** What may be wrong with one setting or rule: `{ message: '…' }`, and what a function of such sentences returns. */
  readonly faults: readonly string[];
  /** What may be wrong with one record: `{ code, message, fix }`. */
  readonly ofPeople: readonly { readonly code: string; readonly text: string }[];
}

/** The texts that a source file shows to users. A sentence made apart from its error has the kind of the error that takes it. */
export function textsOf(text: string): Texts {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const apart: string[] = [];
  const errors: ErrorText[] = [];
  const faults: string[] = [];
  const ofPeople: { code: string; text: string }[] = [];
  const each = (visit: (node: ts.Node) => void) => {
    const walk = (node: ts.Node): void => {
      visit(node);
      ts.forEachChild(node, walk);
    };
    walk(source);
  };
  each((node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer);
    if (isError(node) && node.arguments?.[1] && !ts.isTaggedTemplateExpression(node.arguments[1]))
      apart.push(...kindsOf(node.arguments[0]));
  });
  const hintIn = (detail: ts.Node | undefined): string | undefined => {
    if (detail === undefined) return undefined;
    if (ts.isPropertyAssignment(detail) && detail.name.getText() === 'hint')
      return written(detail.initializer, constants);
    if (ts.isShorthandPropertyAssignment(detail) && detail.name.text === 'hint') return written(detail.name, constants);
    return ts.forEachChild(detail, hintIn);
  };
  each((node) => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'said') {
      const error = errorAround(node);
      const found = { anchor: anchorOf(partsOf(node.template)), message: written(node.template, constants) ?? '' };
      const hint = hintIn(error?.arguments?.[2]);
      const own = error ? kindsOf(error.arguments?.[0]) : apart.length > 0 ? apart : [otherKinds];
      for (const kind of new Set(own)) errors.push({ kind, hint, ...found });
    }
    if (!ts.isObjectLiteralExpression(node)) return;
    const property = (name: string) => {
      const found = node.properties.find((one) => one.name?.getText() === name);
      return found && ts.isPropertyAssignment(found) ? written(found.initializer, constants) : undefined;
    };
    const [code, message, fix] = [property('code'), property('message'), property('fix')];
    if (message === undefined) return;
    if (code !== undefined && fix !== undefined) ofPeople.push({ code, text: `${message} ${fix}` });
    else faults.push(message);
  });
  return { errors, faults, ofPeople };
}

/** Every source that may end in front of a user: path → text. */
const sources = (root: string): [string, string][] =>
  ['kit', 'protocol', 'transport', 'tap-ukg-pro', 'target-together'].flatMap((name) =>
    readdirSync(join(root, name, 'src'), { recursive: true, encoding: 'utf8' })
      .map((path) => `${name}/src/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|testing\//.test(path))
      .sort()
      .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]),
  );

const plain = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[`*_|]/g, (sign) => (sign === '_' ? '_' : ''))
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .trim();

/** Entries under the anchors that the errors print. Sentences of the same words share one, whatever stands between the words. */
function entriesOf(texts: readonly ErrorText[], taken: Set<string>): string[] {
  const unique = new Map(texts.map((text) => [plain(text.message), text]));
  return [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([message, { anchor, hint }]) => {
      if (anchor === '') throw new Error(`The error "${message}" needs words of its own`);
      const at = taken.has(anchor) ? '' : `<a id="${anchor}"></a>`;
      taken.add(anchor);
      return hint === undefined ? `### ${at}${message}` : `### ${at}${message}\n\n${plain(hint)}`;
    });
}

export function troubleshootingPage(root: string): string {
  const found = sources(root).map(([path, text]) => ({ path, ...textsOf(text) }));
  const errors = found.flatMap((file) => file.errors);
  const taken = new Set<string>();
  const of = (kind: string) =>
    entriesOf(
      errors.filter((error) => error.kind === kind),
      taken,
    );
  const rows = kindNames.map((kind) => `| [${kind}](#${kind}) | ${kinds[kind].code} | ${kinds[kind].means} |`);
  const settings = found.filter(({ path }) => /\/(settings|mapping)\//.test(path)).flatMap(({ faults }) => faults);
  const records = new Map(
    problemCodes.map((code) => {
      const { message, fix } = faultOf('The field', { problem: code });
      return [code as string, `${message} ${fix}`];
    }),
  );
  for (const { code, text } of found.flatMap(({ ofPeople }) => ofPeople))
    records.set(code, [records.get(code), text].filter(Boolean).join(' Or: '));
  return `${[
    '# Troubleshooting: look up a message',
    'Generated from the sources by `npm run generate`: every error text under its kind, at the place that the error names below its sentence. An … stands for a name, number or path of yours.',
    [
      '| kind | exit code | means |',
      '|---|--:|---|',
      ...rows,
      '| [other kinds](#other-kinds) | | The sum of several failures, an unfinished check, or a signal. |',
      '| [findings of a doctor](#findings-of-a-doctor) | | What `doctor` warns of or skips. |',
      '| [records of people](#records-of-people) | | One person could not be sent; the others were. |',
    ].join('\n'),
    ...kindNames.flatMap((kind) => {
      const { code, means, next } = kinds[kind];
      return [`## ${kind}`, `Exit code ${code}. ${means}`, next, ...of(kind)];
    }),
    '## other kinds',
    `The exit code is that of the failure behind it; ${ExitCode.sigint} and ${ExitCode.sigterm} after SIGINT and SIGTERM.`,
    'The lines above it in the log tell of each failure.',
    ...of(otherKinds),
    '## findings of a doctor',
    'What each check of `tap-ukg-pro doctor` and `target-together doctor` looks at, and what puts it right. Those that fail name an error above.',
    ...Object.entries(checkTexts).map(
      ([check, text]) => `### <a id="${checkAnchor(check)}"></a>${check}\n\n${plain(text)}`,
    ),
    '## one setting or rule',
    'What may stand behind the name of a setting or of a rule of the mapping, where [a setting is wrong](#a-setting-is-wrong) or [the mapping has faults](#the-mapping-has). [settings.md](settings.md) and [mapping.md](mapping.md) say what each takes.',
    [...new Set(settings.map(plain))]
      .filter((text) => /\p{L}{3}/u.test(text))
      .sort()
      .map((text) => `- ${text}`)
      .join('\n'),
    '## records of people',
    'The summary counts these, and names the people by id. `target-together explain EMPLOYEE_ID` shows the record. Other people are sent.',
    ...[...records].map(([code, text]) => `### ${code}\n\n${plain(text)}`),
  ].join('\n\n')}\n`;
}
