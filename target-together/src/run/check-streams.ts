/** Whether what came is what the mapping is for. A night in which no stream or column fits must not look like a quiet one. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { counted, show } from '@ukg-together/kit/text/show';
import { nearest } from '@ukg-together/kit/text/suggest';
import type { RunSummary } from '../model/run-summary.ts';
import type { MappingMemory } from '../state/mapping-memory.ts';

/** What a run's mappings come to. */
export interface MappingFacts {
  readonly memory: MappingMemory;
  /** Fields of which the stream has no source, with the paths that were tried and the hash of the rule. */
  readonly lacking: readonly { readonly field: string; readonly tried: readonly string[]; readonly rule: string }[];
}

const stays = 'The bookmark stays where it was.';

/**
 * Throws a settings error (exit 2, no checkpoint goes back) when streams came and no mapping takes any of them, or not the one that held
 * the people of the last run. `wanted`: mapping.stream; `before`: the streams that were mapped then.
 */
export function checkStreams(
  { streams }: Pick<RunSummary['source'], 'streams'>,
  wanted: string | undefined,
  before: readonly string[] = [],
): void {
  const mapped = streams.filter((stream) => stream.mapped).map(({ stream }) => stream);
  const lost = wanted === undefined ? before.find((stream) => !mapped.includes(stream)) : undefined;
  if (streams.length === 0 || (mapped.length > 0 && lost === undefined)) return;
  const names = streams.map(({ stream }) => stream);
  const came = names.slice(0, 5).map(show).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  const records = counted(
    streams.reduce((sum, stream) => sum + stream.records, 0),
    'record',
  );
  const sought = wanted ?? lost;
  const near = sought === undefined || names.includes(sought) ? undefined : (nearest(sought, names) ?? mapped[0]);
  const meant = near === undefined ? '' : ` Did you mean ${show(near)}?`;
  const what =
    wanted !== undefined
      ? said`The stream ${show(wanted)} of mapping.stream did not come: ${came} came (${records}).${meant}`
      : lost === undefined
        ? said`No mapping takes any of the streams that came: ${came} (${records}).${meant}`
        : names.includes(lost)
          ? said`No mapping takes the stream ${show(lost)} any more, which held the people of the last run: it has lost columns that the mapping needs, or the mapping has changed.${meant}`
          : said`The stream ${show(lost)}, which held the people of the last run, did not come: ${came} came (${records}).${meant}`;
  throw new ConnectorError('settings', what, {
    hint: `Set mapping.stream to the stream of people; \`target-together mapping suggest\` proposes a mapping. For runs without people there is unmapped_streams: ignore. ${stays}`,
  });
}

/** Throws a settings error when a field that the last run mapped has lost its column, under the same rule. */
export function checkColumns(
  { lacking, memory }: MappingFacts,
  before: MappingMemory | undefined,
  schemas: readonly { readonly schema: JsonSchema }[],
): void {
  const gone = lacking.filter(({ field, rule }) => before?.fields[field] === rule);
  if (gone.length === 0) return;
  const columns = schemas.flatMap(({ schema }) => Object.keys(schema.properties ?? {}));
  const named = gone.slice(0, 5).map(({ field, tried }) => {
    const near = tried.map((path) => nearest(path, columns)).find((found) => found !== undefined);
    return `${field} (from ${tried.join(' or ')}${near === undefined ? '' : `; did you mean ${show(near)}?`})`;
  });
  const more = gone.length > 5 ? ` and ${gone.length - 5} more` : '';
  const streams = memory.streams.map(show).join(', ');
  throw new ConnectorError(
    'settings',
    said`The stream ${streams} has no column any more for what the last run mapped: ${named.join(', ')}${more}.`,
    {
      hint: `Select it at the source again, or map its new name in mapping.fields; ${gone.length === 1 ? `"${gone[0]?.field}": null` : 'null'} there says that it is gone for good. ${stays}`,
    },
  );
}
