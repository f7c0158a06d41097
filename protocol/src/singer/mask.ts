/** A catalog entry's metadata as answers to "is this selected?", by the Singer SDK's rules. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { FieldPath } from '../selection.ts';

export interface StreamMask {
  readonly root: boolean;
  readonly rootMetadata: Record<string, unknown>;
  /** For a path whose parent is selected. */
  readonly fieldSelected: (path: FieldPath, sensitive: boolean) => boolean;
}

export function streamMask(entry: Record<string, unknown>): StreamMask {
  const metadata = new Map<string, Record<string, unknown>>();
  for (const item of Array.isArray(entry['metadata']) ? (entry['metadata'] as unknown[]) : []) {
    if (!isObject(item) || !Array.isArray(item['breadcrumb']) || !isObject(item['metadata'])) continue;
    metadata.set(fieldPath(item['breadcrumb'] as unknown[]).join('\0'), item['metadata']);
  }
  const rootMetadata = metadata.get('') ?? {};
  const root = metadata.has('') ? selectedBy(rootMetadata, false) : truth(entry['selected']) !== false;
  return {
    root,
    rootMetadata,
    fieldSelected(path, sensitive) {
      const own = metadata.get(path.join('\0'));
      if (sensitive && (own === undefined || truth(own['selected']) !== true)) return false;
      return own === undefined || selectedBy(own, true);
    },
  };
}

/** `["properties","a","items","properties","b"]` → `["a","b"]`. */
function fieldPath(breadcrumb: readonly unknown[]): FieldPath {
  const path: string[] = [];
  for (let i = 0; i < breadcrumb.length; i++) {
    if (breadcrumb[i] === 'properties' && i + 1 < breadcrumb.length) path.push(String(breadcrumb[++i]));
  }
  return path;
}

/** The SDK's order: inclusion, selected, selected-by-default, the parent. */
function selectedBy(metadata: Record<string, unknown>, parent: boolean): boolean {
  if (metadata['inclusion'] === 'unsupported') return false;
  if (metadata['inclusion'] === 'automatic') return true;
  return truth(metadata['selected']) ?? truth(metadata['selected-by-default']) ?? parent;
}

/** Stitch's documentation writes "true" as a string, and people copy it. */
function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
