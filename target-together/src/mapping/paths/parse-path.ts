export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'where'; readonly path: readonly Step[]; readonly equals: string };

export interface Path {
  readonly text: string;
  readonly steps: readonly Step[];
}

export const bracket =
  /^\[(?:\s*(-?\d+)\s*|(\*?)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\]=]+)=(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\]]*)))\]/s;

export const unquoted = (text: string): string => text.replace(/\\(.)/gs, '$1');
