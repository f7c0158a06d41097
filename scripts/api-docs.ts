/** The pages docs/api/*.md: what each module of a package exports, one line each, from the docstrings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A full stop that ends a sentence: the next one begins with a capital letter, a bracket or code. */
const firstSentence = (text: string) => /^.*?(?<!e\.g|i\.e)\.(?= [A-Z`(]|$)/.exec(oneLine(text))?.[0] ?? oneLine(text);

const isExported = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

const parameters = (node: ts.SignatureDeclaration) =>
  node.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : 'options')).join(', ');

/** What stands in place of a docstring: the shape, as the source has it. */
const members = (node: ts.InterfaceDeclaration | ts.ClassDeclaration) =>
  node.members.map(({ name }) => `\`${name?.getText()}\``).join(', ');
const code = (node: ts.Node | undefined) =>
  node === undefined ? '' : `\`${oneLine(node.getText()).replace(/^\| /, '')}\``;
const signature = (node: ts.SignatureDeclaration) =>
  `\`(${oneLine(node.parameters.map((each) => each.getText()).join(', '))})${node.type ? `: ${oneLine(node.type.getText())}` : ''}\``;

/** Keys of an object, or the value where it is short. */
function valueShape(value: ts.Expression | undefined): string {
  if (value !== undefined && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)))
    return valueShape(value.expression);
  if (value !== undefined && ts.isObjectLiteralExpression(value))
    return value.properties.map((each) => `\`${(each.name ?? each).getText()}\``).join(', ');
  return value?.getText().includes('\n') ? '' : code(value);
}

interface Export {
  readonly name: string;
  /** Without a docstring. */
  readonly shape: string;
}

/** How an export is written, without types: `retrying(attempt, options)`, `type Send`, `class ConnectorError`. */
function exportsOf(statement: ts.Statement): Export[] {
  if (ts.isFunctionDeclaration(statement))
    return [{ name: `${statement.name?.text}(${parameters(statement)})`, shape: signature(statement) }];
  if (ts.isClassDeclaration(statement)) return [{ name: `class ${statement.name?.text}`, shape: members(statement) }];
  if (ts.isInterfaceDeclaration(statement))
    return [{ name: `interface ${statement.name.text}`, shape: members(statement) }];
  if (ts.isTypeAliasDeclaration(statement))
    return [{ name: `type ${statement.name.text}`, shape: code(statement.type) }];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.map(({ name, initializer, type }) =>
    initializer !== undefined && ts.isArrowFunction(initializer)
      ? { name: `${name.getText()}(${parameters(initializer)})`, shape: signature(initializer) }
      : { name: name.getText(), shape: type ? code(type) : valueShape(initializer) },
  );
}

/** A module's own first sentence, and its exports with theirs. */
export function moduleDocs(text: string): { about: string; exports: [name: string, about: string][] } {
  const file = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  const [head = '', body = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
  // The first comment is the module's unless a declaration stands right below it.
  const isModules = head !== '' && /^\n(\n|import |\/\*\*)/.test(text.slice(head.length));
  const exports = file.statements.filter(isExported).flatMap((statement) => {
    const own = ts
      .getJSDocCommentsAndTags(statement)
      .filter((each) => ts.isJSDoc(each) && !(isModules && each.pos === 0));
    const said = ts.getTextOfJSDocComment((own.at(-1) as ts.JSDoc | undefined)?.comment) ?? '';
    // A docstring that is a list explains each member of a union: the union is shorter.
    const sentence = said === '' || said.startsWith('- ') ? undefined : firstSentence(said);
    return exportsOf(statement).map(({ name, shape }): [string, string] => [name, sentence ?? shape]);
  });
  return { about: isModules ? firstSentence(body.replace(/^\s*\* ?/gm, '')) : '', exports };
}

const cell = (text: string) => text.replaceAll('|', '\\|');

/** Sources of a package that others may import: no tests, no test support. */
const modulesOf = (root: string, name: string) =>
  readdirSync(join(root, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing/'))
    .sort();

/** `root` is the repository, `name` a package's folder, `about` its sentence. */
export function apiPage(root: string, name: string, about: string): string {
  const sections = modulesOf(root, name).map((path) => {
    const docs = moduleDocs(readFileSync(join(root, name, 'src', path), 'utf8'));
    const rows = docs.exports.map(([each, sentence]) => `| \`${cell(each)}\` | ${cell(sentence)} |`);
    return [
      `## \`${path.slice(0, -'.ts'.length)}\``,
      ...(docs.about === '' ? [] : [docs.about]),
      ...(rows.length === 0 ? [] : [['| export | is |', '|---|---|', ...rows].join('\n')]),
    ].join('\n\n');
  });
  const use = `\`import { … } from '@ukg-together/${name}/<module>'\`. Generated from the docstrings by \`npm run generate\`.`;
  return `${[`# ${name}`, about, use, ...sections].join('\n\n')}\n`;
}
