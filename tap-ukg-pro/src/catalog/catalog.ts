/** All streams of a run as both protocols see them: `employees` first, UKG's web services, the user's own endpoints. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import type { StreamDefinition } from '@ukg-together/protocol/stream';
import { type CustomEndpoint, customStream } from '../settings/custom-endpoints.ts';
import { toDefinition, type UkgStream } from '../streams/define.ts';
import { cursorField, employeeFields, employeeSchema, keepField, keyField } from '../streams/employees.ts';
import { ukgStreams } from '../streams/index.ts';
import { type OfferSettings, offered } from './offered.ts';

export const employees: StreamDefinition = {
  name: 'employees',
  schema: {
    type: 'object',
    description: 'One record for each person, joined from what the selected fields need.',
    properties: Object.fromEntries(employeeFields.map((field) => [field.name, employeeSchema(field)])),
  },
  keyProperties: [keyField],
  replicationKey: cursorField,
  automatic: [keepField],
  replicationMethods: ['INCREMENTAL', 'FULL_TABLE'],
  selectedByDefault: true,
  // Fields that need further web services and rights are, like sensitive ones, off by default.
  sensitive: new Set(employeeFields.filter((field) => field.sensitive || field.optional).map((field) => field.name)),
};

export interface Catalog {
  /** All that a catalog may select. */
  readonly definitions: readonly StreamDefinition[];
  /** What discovery shows of it. */
  readonly offered: readonly StreamDefinition[];
  /** Undefined for `employees`. */
  source(name: string): UkgStream | undefined;
}

export interface CatalogSettings extends OfferSettings {
  readonly custom_endpoints?: readonly CustomEndpoint[];
}

/** Throws ConnectorError 'settings' when an own endpoint takes a name that is taken, or a field is asked for that is not there. */
export function buildCatalog(settings: CatalogSettings = {}): Catalog {
  const { custom_endpoints: endpoints = [], include_fields: included = [] } = settings;
  const sources = new Map(ukgStreams.map((stream) => [stream.name, stream]));
  for (const [index, endpoint] of endpoints.entries()) {
    if (endpoint.name === employees.name || sources.has(endpoint.name)) {
      throw new ConnectorError(
        'settings',
        said`custom_endpoints[${index}].name: there is a stream ${endpoint.name} already.`,
      );
    }
    sources.set(endpoint.name, customStream(endpoint));
  }
  const plain = [employees, ...[...sources.values()].map(toDefinition)];
  const definitions = included.length === 0 ? plain : including(plain, included);
  const source = (name: string) => sources.get(name);
  return { definitions, offered: offered(definitions, source, settings), source };
}

/** The definitions with these fields selected unless a catalog deselects them. */
function including(definitions: readonly StreamDefinition[], fields: readonly string[]): StreamDefinition[] {
  const byName = new Map(definitions.map((definition) => [definition.name, new Set(definition.sensitive)]));
  for (const [index, path] of fields.entries()) {
    const [stream = '', field = ''] = path.split('.');
    const sensitive = byName.get(stream);
    const known = Object.keys(definitions.find(({ name }) => name === stream)?.schema.properties ?? {});
    if (!sensitive || (field !== '*' && !known.includes(field))) {
      const hint = sensitive ? didYouMean(field, known) : didYouMean(stream, byName.keys());
      throw new ConnectorError('settings', said`include_fields[${index}]: there is no ${path}${hint}.`);
    }
    if (field === '*') sensitive.clear();
    else sensitive.delete(field);
  }
  return definitions.map((definition) => ({
    ...definition,
    sensitive: byName.get(definition.name) ?? definition.sensitive,
  }));
}
