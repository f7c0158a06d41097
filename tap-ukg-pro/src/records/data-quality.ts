import type { Logger } from '@ukg-together/kit/log/log';
import { show } from '@ukg-together/kit/text/show';
import type { UkgStream } from '../streams/define.ts';

export function reportQuality(log: Logger, stream: UkgStream, quality: QualityCounts, kept: boolean): void {
  const { unknownKeys, unreadable, rowsWithoutKey } = quality;
  if (unknownKeys.size > 0 && !stream.open) {
    const names = [...unknownKeys].slice(0, 20).map(show).join(', ');
    log.warn(
      `${stream.name}: UKG sent fields that this version does not know: ${names}. ${
        kept ? 'They were kept as they came.' : 'They were dropped; keep_unknown_fields keeps them.'
      }`,
    );
  }
  for (const [name, count] of unreadable) {
    log.warn(
      `${stream.name}: ${count} ${count === 1 ? 'value' : 'values'} of ${show(name)} could not be read and became null.`,
    );
  }
  if (rowsWithoutKey > 0) {
    log.warn(
      `${stream.name}: ${rowsWithoutKey} ${rowsWithoutKey === 1 ? 'row' : 'rows'} without ${stream.key.join(', ')} left out: nothing tells whose they are.`,
    );
  }
}

/** What was odd about the rows of a stream: names and counts only, never a value. */
export interface QualityCounts {
  /** Keys that are not documented. At most 50 are remembered. */
  readonly unknownKeys: Set<string>;
  /** How many values of a field could not be read as its kind. */
  readonly unreadable: Map<string, number>;
  rowsWithoutKey: number;
}

export function newQualityCounts(): QualityCounts {
  return { unknownKeys: new Set(), unreadable: new Map(), rowsWithoutKey: 0 };
}
