/** Whether what came is what the mapping is for. A night in which no stream fits must not look like a quiet one. */
import { ConnectorError } from '@ukg-together/kit/error';
import { counted, show } from '@ukg-together/kit/text/show';
import { nearest } from '@ukg-together/kit/text/suggest';
import type { RunSummary } from '../model/run-summary.ts';

/** Throws a settings error (exit 2, no checkpoint goes back) when streams came and no mapping takes any of them. `wanted`: mapping.stream. */
export function checkStreams({ streams }: Pick<RunSummary['source'], 'streams'>, wanted: string | undefined): void {
  if (streams.length === 0 || streams.some(({ mapped }) => mapped)) return;
  const names = streams.map(({ stream }) => stream);
  const came = names.slice(0, 5).map(show).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  const records = counted(
    streams.reduce((sum, stream) => sum + stream.records, 0),
    'record',
  );
  const near = wanted === undefined ? undefined : nearest(wanted, names);
  const what =
    wanted === undefined
      ? `No mapping takes any of the streams that came: ${came} (${records}).`
      : `The stream ${show(wanted)} of mapping.stream did not come: ${came} came (${records}).`;
  throw new ConnectorError('settings', `${what}${near === undefined ? '' : ` Did you mean ${show(near)}?`}`, {
    hint: 'Set mapping.stream to the stream of people; `target-together mapping suggest` proposes a mapping. For runs without people there is unmapped_streams: ignore. The bookmark stays where it was.',
  });
}
