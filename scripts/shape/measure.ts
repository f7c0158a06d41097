/** The shape of a package's sources: how full its folders are, how long its files and functions, what is handed to them, circles. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** A figure and what it is of: a path from the repository's root, with a line or a name where that tells more. */
export interface Measured {
  readonly figure: number;
  readonly of: string;
}

export interface Shape {
  readonly files: number;
  readonly lines: number;
  /** Sources by folder. */
  readonly folders: readonly Measured[];
  /** Lines by file, shortest first. */
  readonly lengths: readonly Measured[];
  /** Lines by function. */
  readonly functions: readonly Measured[];
  /** Members by interface (or object type) whose name says that a function takes it. */
  readonly handed: readonly Measured[];
  /** Files that import each other, type imports included; the figure is how many of them. */
  readonly circles: readonly Measured[];
}

const skipped = new Set(['node_modules', 'dist', 'generated', 'testing', 'samples']);
const handedName = /(Deps|Options|Input|Facts|Context|Performance|Request)$/;

/** Measures `folder/name/src` without tests, generated files and what only tests use. */
export function measure(folder: string, name: string): Shape {
  const root = resolve(folder);
  const paths = sourcesIn(join(root, name, 'src'));
  const folders = new Map<string, number>();
  const imports = new Map<string, string[]>();
  const lengths: Measured[] = [];
  const functions: Measured[] = [];
  const handed: Measured[] = [];
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const shown = relative(root, path);
    folders.set(dirname(shown), (folders.get(dirname(shown)) ?? 0) + 1);
    lengths.push({ figure: text.split('\n').length, of: shown });
    const targets: string[] = [];
    const visit = (node: ts.Node): void => {
      const specifier = importedBy(node);
      if (specifier?.startsWith('.')) targets.push(resolve(dirname(path), specifier));
      if (ts.isFunctionLike(node) && 'body' in node && node.body) {
        const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
        const last = source.getLineAndCharacterOfPosition(node.end).line;
        functions.push({ figure: last - first + 1, of: `${shown}:${first + 1}` });
      }
      const members = membersOf(node);
      if (members !== undefined) handed.push({ figure: members.count, of: `${shown} ${members.name}` });
      ts.forEachChild(node, visit);
    };
    visit(source);
    imports.set(path, targets);
  }
  lengths.sort((a, b) => a.figure - b.figure);
  return {
    files: paths.length,
    lines: lengths.reduce((sum, { figure }) => sum + figure, 0),
    folders: [...folders].map(([of, figure]) => ({ of, figure })),
    lengths,
    functions,
    handed,
    circles: circlesIn(imports).map((circle) => ({
      figure: circle.length,
      of: circle.map((path) => relative(root, path)).join(' ↔ '),
    })),
  };
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourcesIn(path);
    return path.endsWith('.ts') && !/\.(test|d)\.ts$/.test(path) ? [path] : [];
  });
}

/** What an import, a re-export, an import type or an `import()` names. */
function importedBy(node: ts.Node): string | undefined {
  const named =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
  return named && ts.isStringLiteral(named) ? named.text : undefined;
}

function membersOf(node: ts.Node): { name: string; count: number } | undefined {
  const members = ts.isInterfaceDeclaration(node)
    ? node.members
    : ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)
      ? node.type.members
      : undefined;
  if (members === undefined) return undefined;
  const name = (node as ts.InterfaceDeclaration | ts.TypeAliasDeclaration).name.text;
  return handedName.test(name) ? { name, count: members.length } : undefined;
}

/** Tarjan's strongly connected components of more than one file. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const low = (path: string) => lowest.get(path) ?? 0;
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.size - 1);
    open.push(path);
    for (const target of imports.get(path) ?? []) {
      if (!imports.has(target)) continue;
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(path, Math.min(low(path), low(target)));
    }
    if (low(path) !== order.get(path)) return;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1) circles.push(circle);
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return circles;
}
