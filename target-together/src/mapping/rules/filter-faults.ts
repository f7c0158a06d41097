import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { parsePath } from '../paths/path.ts';
import { lookUp } from '../paths/schema-path.ts';
import type { MappingFault } from '../values/faults.ts';

/**
 * Fields of the setting `filters` that are no paths or, once the SCHEMA is there, no fields of the stream as its source sends it:
 * such a filter would keep everybody, or leave everybody out.
 */
export function filterFaults(
  filters: readonly { readonly field: string }[],
  source?: { readonly stream: string; readonly schema: JsonSchema },
): MappingFault[] {
  return filters.flatMap(({ field }, at) => {
    const path = `filters[${at}].field`;
    const parsed = parsePath(field);
    if (typeof parsed === 'string') return [{ path, message: `${show(field)} ${parsed}` }];
    const looked = source && lookUp(source.schema, parsed);
    if (looked?.status !== 'missing') return [];
    const next = didYouMean(looked.at, looked.known) || '; select it at the source, or remove the filter';
    return [{ path, message: `stream ${show(source?.stream)} has no field ${show(field)}${next}` }];
  });
}
