/** Whether mapping and filters fit what a tap offers: asked by `doctor --catalog` and by a rehearsal. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import { show } from '@ukg-together/kit/text/show';
import type { RunMappingOptions } from '../open-mappings.ts';
import { checkCatalog } from './check-catalog.ts';

export async function readCatalog(path: string): Promise<unknown> {
  return await readJsonFile(path, 'The catalog').catch((thrown: ConnectorError) => {
    const hint = [thrown.hint, 'Let the tap write one: TAP --config FILE --discover > catalog.json'];
    throw new ConnectorError(thrown.kind, thrown.sentence, { hint: hint.filter(Boolean).join(' '), cause: thrown });
  });
}

/** The stream that fits; throws ConnectorError `settings` with what does not. */
export async function fitCatalog(catalog: unknown, options: RunMappingOptions): Promise<string> {
  const { ok, streams } = await checkCatalog(catalog, options);
  const used = streams.filter((stream) => stream.used);
  if (ok && used[0]) return used[0].stream;
  const faults = used.flatMap((stream) => stream.faults.map((fault) => `${fault.path} ${fault.message}`));
  const problem =
    used.length > 1
      ? `several streams look like people: ${used.map(({ stream }) => show(stream)).join(', ')}; set mapping.stream`
      : used.length === 0
        ? 'no stream is mapped'
        : faults.join('; ');
  throw new ConnectorError('settings', said`The mapping does not fit the catalog: ${problem}.`, {
    hint: 'The whole answer: target-together mapping check --catalog FILE --config FILE',
  });
}
