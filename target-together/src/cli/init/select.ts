/** A catalog that selects what the mapping reads and nothing else. */
import { isObject } from '@ukg-together/kit/lines/json';

/** `catalog`: what the tap prints with --discover. `unread`: fields of `stream` that no rule reads. */
export function selectMapped(catalog: unknown, stream: string, unread: readonly string[]): unknown {
  const streams = isObject(catalog) && Array.isArray(catalog['streams']) ? (catalog['streams'] as unknown[]) : [];
  const off = new Set(unread);
  return {
    streams: streams.filter(isObject).flatMap((entry) => {
      if (entry['tap_stream_id'] !== stream && entry['stream'] !== stream) return [];
      const metadata = Array.isArray(entry['metadata']) ? (entry['metadata'] as unknown[]) : [];
      return [{ ...entry, metadata: metadata.filter(isObject).map((one) => selected(one, off)) }];
    }),
  };
}

function selected(entry: Record<string, unknown>, off: ReadonlySet<string>): Record<string, unknown> {
  const [kind, field] = Array.isArray(entry['breadcrumb']) ? (entry['breadcrumb'] as unknown[]) : [];
  const metadata = isObject(entry['metadata']) ? entry['metadata'] : {};
  const wanted = kind === undefined || metadata['inclusion'] === 'automatic' || !off.has(String(field));
  return { ...entry, metadata: { ...metadata, selected: wanted } };
}
