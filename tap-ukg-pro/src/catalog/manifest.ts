/**
 * A declarative manifest (Airbyte's low-code CDK) of the web services that the three rights open: what Airbyte Cloud's Connector
 * Builder can run. Row by row, always in full, without sensitive fields; it joins nothing.
 */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { type Field, toDefinition, type UkgStream } from '../streams/define.ts';
import { ukgStreams } from '../streams/index.ts';
import { isOffered } from './offered.ts';

/** One plain GET for each page. Not of private streams: a manifest can't keep fields back whatever their spelling. */
const isPlain = (stream: UkgStream): boolean =>
  stream.requests === undefined && !stream.private && isOffered(stream, {});

/** UKG writes both employeeId and employeeID. */
const otherSpelling = (name: string): string => name.replace(/Id$/, 'ID');

const settings = ['base_url', 'username', 'password', 'customer_api_key', 'user_api_key'];

/** `form`: the connection specification of the source, whose labels it takes over. */
export function manifest(form: JsonSchema): unknown {
  const streams = ukgStreams.filter(isPlain);
  const properties = Object.entries(form.properties ?? {}).filter(([name]) => settings.includes(name));
  const address = {
    description: 'The host of your web services, as in https://service5.ultipro.com.',
    pattern: '^https?://[^/]+$',
    pattern_descriptor: 'https://service5.ultipro.com',
  };
  return {
    version: '6.60.0',
    type: 'DeclarativeSource',
    check: { type: 'CheckStream', stream_names: ['person_details'] },
    definitions: { requester, by_page: byPage },
    streams: streams.map(declared),
    spec: {
      type: 'Spec',
      connection_specification: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        required: form['required'],
        additionalProperties: true,
        properties: Object.fromEntries(
          properties.map(([name, property]) => [
            name,
            { ...property, group: undefined, ...(name === 'base_url' && address) },
          ]),
        ),
      },
    },
  };
}

const requester = {
  type: 'HttpRequester',
  url_base: "{{ config['base_url'] }}",
  http_method: 'GET',
  authenticator: {
    type: 'BasicHttpAuthenticator',
    username: "{{ config['username'] }}",
    password: "{{ config['password'] }}",
  },
  request_headers: {
    'US-Customer-Api-Key': "{{ config['customer_api_key'] }}",
    'x-api-key': "{{ config.get('user_api_key') }}",
  },
  error_handler: {
    type: 'DefaultErrorHandler',
    max_retries: 8,
    backoff_strategies: [
      { type: 'WaitTimeFromHeader', header: 'Retry-After' },
      { type: 'ExponentialBackoffStrategy', factor: 5 },
    ],
  },
};

/** Until an empty page: a short one proves nothing, since a server may cap the page size below what was asked for. */
const byPage = {
  type: 'DefaultPaginator',
  page_token_option: { type: 'RequestOption', inject_into: 'request_parameter', field_name: 'page' },
  pagination_strategy: { type: 'PageIncrement', start_from_page: 1, inject_on_first_request: true },
};

function declared(stream: UkgStream): unknown {
  const { schema } = toDefinition(stream);
  const sensitive = stream.fields.filter((field) => field.sensitive);
  const shown = Object.entries(schema.properties ?? {}).filter(([name]) => !sensitive.some((one) => one.name === name));
  const pageSize = stream.paging === 'none' ? {} : { [stream.paging]: String(Math.min(stream.pageSize, 1000)) };
  const parameters = { ...stream.params, ...pageSize };
  return {
    type: 'DeclarativeStream',
    name: stream.name,
    primary_key: stream.key,
    retriever: {
      type: 'SimpleRetriever',
      requester: {
        $ref: '#/definitions/requester',
        path: stream.path,
        ...(Object.keys(parameters).length > 0 && { request_parameters: parameters }),
      },
      record_selector: { type: 'RecordSelector', extractor: { type: 'DpathExtractor', field_path: [] } },
      paginator: stream.paging === 'none' ? { type: 'NoPagination' } : { $ref: '#/definitions/by_page' },
    },
    transformations: [...keySpellings(stream), ...removed(sensitive)],
    schema_loader: {
      type: 'InlineSchemaLoader',
      schema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        additionalProperties: true,
        properties: Object.fromEntries(shown),
      },
    },
  };
}

function removed(fields: readonly Field[]): unknown[] {
  const names = fields.flatMap(({ name, aliases }) => [name, otherSpelling(name), ...aliases]);
  return names.length === 0
    ? []
    : [{ type: 'RemoveFields', field_pointers: [...new Set(names)].map((name) => [name]) }];
}

/** Keys under their own name, however they came. */
function keySpellings({ key, fields }: UkgStream): unknown[] {
  return fields
    .filter(({ name }) => key.includes(name) && otherSpelling(name) !== name)
    .flatMap(({ name, kind }) => {
      const value = `{{ record.get('${name}') or record.get('${otherSpelling(name)}') }}`;
      return [
        { type: 'AddFields', fields: [{ path: [name], value, value_type: kind === 's' ? 'string' : 'number' }] },
        { type: 'RemoveFields', field_pointers: [[otherSpelling(name)]] },
      ];
    });
}
