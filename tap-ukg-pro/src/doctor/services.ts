/** Which web services a selection needs. */
import type { SelectedStream } from '@ukg-together/protocol/stream';
import type { Catalog } from '../catalog/catalog.ts';
import { filterFields } from '../employees/filters.ts';
import type { Settings } from '../settings/settings.ts';
import type { UkgStream } from '../streams/define.ts';
import { streamsOf } from '../streams/employees.ts';
import { ukgStream } from '../streams/index.ts';

/** What a checkup is about. */
export interface Selection {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly selected: readonly SelectedStream[];
}

/** The web services that the selection needs, each once, with the streams that need it. */
export function neededServices(run: Selection): Map<UkgStream, string[]> {
  const needed = new Map<UkgStream, string[]>();
  const add = (stream: UkgStream, user: string) => needed.set(stream, [...(needed.get(stream) ?? []), user]);
  for (const { definition, schema } of run.selected) {
    const own = run.catalog.source(definition.name);
    if (own) {
      if (own.requests === 'payStatements') add(ukgStream('company_details'), definition.name);
      add(own, definition.name);
      continue;
    }
    const names = [...Object.keys(schema.properties ?? {}), ...filterFields(run.settings.filters)];
    for (const stream of streamsOf(names, run.settings.home_company_source)) {
      // Without classes `employees` has no platform fields, and asks for none.
      const idle = stream.requests === 'platformFields' && !run.settings.platform_configuration_classes?.length;
      if (!idle) add(stream, definition.name);
    }
  }
  return needed;
}
