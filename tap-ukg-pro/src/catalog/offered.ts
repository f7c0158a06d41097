/**
 * What discovery shows. A pattern such as `*.*` selects all of it, so it holds nothing sensitive and nothing that the three rights of the
 * setup can't read; the rest is there when a setting asks for it by name. A catalog that names more is still followed.
 */
import { automaticFields, pruneSchema } from '@ukg-together/protocol/selection';
import type { StreamDefinition } from '@ukg-together/protocol/stream';
import type { Settings } from '../settings/settings.ts';
import type { RequestPlan, UkgStream } from '../streams/define.ts';
import type { Right } from '../streams/rights.ts';

export type OfferSettings = Partial<
  Pick<
    Settings,
    'audit_details' | 'deduction_codes' | 'include_fields' | 'pay_statements' | 'platform_configuration_classes'
  >
>;

/** The rights of the setup. */
const rights: ReadonlySet<Right> = new Set<Right>(['person', 'personnel', 'configuration', 'any']);

/** Customers keep anything in these, so they are shown only by name. */
const anything: ReadonlySet<string> = new Set(['user_defined_fields']);

/** Whether the settings have what a web service wants to be asked with. */
const isAskable: Partial<Record<RequestPlan, (settings: OfferSettings) => boolean>> = {
  auditDetails: ({ audit_details: fields = [] }) => fields.length > 0,
  customFieldsSchema: ({ platform_configuration_classes: classes = [] }) => classes.length > 0,
  deductionCodes: ({ deduction_codes: codes = [] }) => codes.length > 0,
  payStatements: ({ pay_statements: window }) => window !== undefined,
  platformFields: ({ platform_configuration_classes: classes = [] }) => classes.length > 0,
};

/** The definitions as discovery shows them. `source`: undefined for `employees`. */
export function offered(
  definitions: readonly StreamDefinition[],
  source: (name: string) => UkgStream | undefined,
  settings: OfferSettings,
): StreamDefinition[] {
  const named = new Set((settings.include_fields ?? []).map((path) => path.split('.')[0]));
  return definitions.flatMap((definition) => {
    const stream = source(definition.name);
    if (stream !== undefined && !named.has(stream.name) && !isOffered(stream, settings)) return [];
    return [withoutSensitive(definition)];
  });
}

/** Whether discovery shows a stream that `include_fields` does not name. */
export function isOffered({ name, open, requests, right }: UkgStream, settings: OfferSettings): boolean {
  if (right === 'own') return true;
  // UKG lists the open ones without describing them: nothing says what they hold, or that a tenant has them.
  if (open || anything.has(name)) return false;
  const askable = requests && isAskable[requests];
  return askable ? askable(settings) : rights.has(right);
}

function withoutSensitive(definition: StreamDefinition): StreamDefinition {
  const automatic = automaticFields(definition);
  const schema = pruneSchema(definition.schema, (path) => {
    const dotted = path.join('.');
    return automatic.has(dotted) || !definition.sensitive.has(dotted);
  });
  return { ...definition, schema, sensitive: new Set() };
}
