/** An endpoint's row: which keys, where each value comes from, how it is written. Made once for each form that is asked for. */
import type { Endpoint } from '../endpoints.ts';
import type { UkgOptions } from '../options.ts';
import { CONFIGURATION_FIELDS } from './configuration.ts';
import { type Context, compileFields, type Field, rowWriter } from './row.ts';
import { SHARED_VALUES } from './values.ts';

const EXTRA_KEYS =
  '"addressLine3":null,"integrationRecordId":"0e6f1c2a-0000-4000-a000-000000000000","somethingNewSince2026":{"a":[1]}';

export interface Form {
  readonly fields: Field[];
  readonly write: (context: Context) => string;
}

export function createForms(options: UkgOptions): (endpoint: Endpoint) => Form {
  const compiled = new Map<string, Form>();
  return (endpoint) => {
    const old = options.oldCompanyDetails === true && endpoint.name === 'company-details';
    const key = `${endpoint.name} ${old} ${options.extraKeys}`;
    let form = compiled.get(key);
    if (!form) {
      const list = old ? (CONFIGURATION_FIELDS['company-details (old)'] ?? '') : endpoint.fields;
      const table = typeof endpoint.source === 'function';
      const bare = typeof endpoint.source !== 'function' && endpoint.source.count !== undefined;
      const fields = compileFields(list, endpoint.own ?? {}, table ? new Map() : SHARED_VALUES, bare);
      form = { fields, write: rowWriter(fields, endpoint.empty, options.extraKeys ? EXTRA_KEYS : '') };
      compiled.set(key, form);
    }
    return form;
  };
}
