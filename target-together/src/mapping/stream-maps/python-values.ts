export type Json = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const hasItem = (of: unknown, key: unknown): boolean => isMap(of) && Object.hasOwn(of, String(key));

/** What Python counts and slices by. */
export const points = (text: string): string[] => Array.from(text);
