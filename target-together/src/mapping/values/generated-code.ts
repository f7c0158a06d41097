import type { Run } from '../unroll.ts';

/** The values of these keys, in their order. */
export function valuesOf(keys: readonly string[]): (record: Record<string, unknown>) => unknown[] {
  const made = compiled(`(record) => [${keys.map((key) => `record[${JSON.stringify(key)}]`).join()}]`);
  return (made as ReturnType<typeof valuesOf> | undefined) ?? ((record) => keys.map((key) => record[key]));
}

/** Undefined where Node is told to refuse code from strings (--disallow-code-generation-from-strings). */
export function compiled(code: string, runs?: readonly Run[], shortcuts?: readonly unknown[]): unknown {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval
    return (new Function('runs', 'shortcuts', `'use strict'; return ${code};`) as (...given: unknown[]) => unknown)(
      runs,
      shortcuts,
    );
  } catch {
    return undefined;
  }
}
