/**
 * JSONata for what paths can't say. Nothing in it reaches outside: the tree is checked before the first record (no regular
 * expressions, whose backtracking no timeout stops; no $eval; nothing that answers differently from run to run), and time, depth,
 * lists and strings are limited while it runs.
 */
import { isObject } from '@ukg-together/kit/lines/json';
import type { Expression, ExprNode } from 'jsonata';

const limits = { timeout: 500, stack: 200, sequence: 1_000 };
const maxString = 5_000;

/** Functions that are refused, and why. */
const refused: Record<string, string> = {
  eval: 'runs text as code',
  now: 'changes with every run, so that everybody would be sent again every night',
  millis: 'changes with every run, so that everybody would be sent again every night',
  random: 'changes with every run, so that everybody would be sent again every night',
  shuffle: 'changes with every run, so that everybody would be sent again every night',
};

export interface CompiledExpression {
  /** Top-level paths that the expression reads, as far as that can be known. */
  readonly reads: readonly string[];
  /** Rejects only with limits passed or a fault of the expression on this record. */
  evaluate(record: Record<string, unknown>): Promise<unknown>;
}

/** Compiles; a string answer is what is wrong with the text. The engine is loaded only when a mapping has an expression. */
export async function compileExpression(text: string): Promise<CompiledExpression | string> {
  if (text.length > maxString) return `is longer than ${maxString} characters`;
  const { default: jsonata } = await import('jsonata');
  let expression: Expression;
  try {
    expression = jsonata(text, limits);
  } catch (error) {
    const { message, position } = error as { message?: string; position?: number };
    return `is no JSONata expression: ${String(message).slice(0, 200)}${position === undefined ? '' : ` (at character ${position})`}`;
  }
  const fault = firstRefusal(expression.ast());
  if (fault !== undefined) return fault;
  expression.registerFunction('pad', pad, '<s-ns?:s>');
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, boundStrings);
  return {
    reads: rootPaths(expression.ast()),
    evaluate: async (record) => plain(await expression.evaluate(record)),
  };
}

/** $pad builds its padding in one go: the only built-in whose cost a number decides. */
function pad(text: string, width: number, character = ' '): string {
  const size = Math.min(Math.abs(Math.trunc(width)), maxString);
  return width < 0 ? text.padStart(size, character) : text.padEnd(size, character);
}

/** Doubling a string forty times is quick to write; its length is watched after each step. */
function boundStrings(_node: unknown, _input: unknown, _environment: unknown, result: unknown): void {
  if (typeof result === 'string' && result.length > maxString) throw new Error('string too long');
}

/** Only data leaves an expression: no functions, no engine's own lists. */
function plain(result: unknown): unknown {
  if (typeof result === 'function') return undefined;
  if (Array.isArray(result)) return result.map((item: unknown) => item);
  if (isObject(result) && ('_jsonata_function' in result || '_jsonata_lambda' in result)) return undefined;
  return result;
}

/** Walks every node, known kind or not. */
function firstRefusal(root: unknown): string | undefined {
  const stack: unknown[] = [root];
  const seen = new Set<unknown>();
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    const { type, value } = node as { type?: unknown; value?: unknown };
    if (type === 'regex')
      return 'has a regular expression: use $contains, $split, $substringBefore … with plain text, or a lookup';
    if (type === 'transform') return 'has a transform (|…|…|): give one value';
    if (type === 'variable' && typeof value === 'string' && Object.hasOwn(refused, value))
      return `uses $${value}, which ${refused[value]}`;
    stack.push(...Object.values(node));
  }
  return undefined;
}

/** Names read from the record itself; inside filters and steps names mean something else, and are left alone. */
function rootPaths(root: ExprNode): string[] {
  const paths = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    // The engine's own types leave out `path`.
    const { type, steps, value } = node as Omit<ExprNode, 'type'> & { type: string };
    if (type === 'name') {
      paths.add(String(value));
      return;
    }
    if (type === 'path' && steps) {
      const names: string[] = [];
      for (const step of steps) {
        if (step.type !== 'name') break;
        names.push(String(step.value));
        if (step.stages || (step as { predicate?: unknown }).predicate) break;
      }
      if (names.length > 0)
        paths.add(
          names
            .map((name) => (/^[\w$ ]+$/.test(name) ? name : `["${name}"]`))
            .join('.')
            .replaceAll('.[', '['),
        );
      else visit(steps[0]);
      return;
    }
    for (const [key, inner] of Object.entries(node)) if (key !== 'stages' && key !== 'predicate') visit(inner);
  };
  visit(root);
  return [...paths];
}
