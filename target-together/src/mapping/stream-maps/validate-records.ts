/** `validate_records`: each record against the SCHEMA that its source sent. The validator is loaded only when asked for. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import type { Fault } from '../../model/person.ts';
import { faultOf } from '../values/faults.ts';

/** The faults of a record: places and keywords, never values. Empty when it fits. */
export type RecordCheck = (record: Record<string, unknown>) => Fault[];

const maxFaults = 20;

export async function recordCheck(stream: string, schema: JsonSchema): Promise<RecordCheck> {
  const { Ajv, formats } = await import('./ajv.ts');
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateSchema: false });
  (formats as unknown as (target: typeof ajv, names: string[]) => void)(ajv, ['date', 'date-time', 'time', 'uuid']);
  // A stranger's pattern may take for ever on one value, and a missing one loses nothing that Together checks.
  ajv.removeKeyword('pattern');
  ajv.removeKeyword('patternProperties');
  let validate: ReturnType<typeof ajv.compile>;
  try {
    const { $schema: _, $id: __, ...body } = schema as JsonSchema & { $schema?: unknown; $id?: unknown };
    validate = ajv.compile(body);
  } catch {
    throw new ConnectorError(
      'input',
      said`The SCHEMA of stream ${show(stream)} is no valid JSON Schema, so records can't be checked against it.`,
      {
        hint: 'Set validate_records to false: what is sent to Together is checked in any case.',
        stream,
      },
    );
  }
  return (record) => {
    if (validate(record)) return [];
    return (validate.errors ?? []).slice(0, maxFaults).map((error) => {
      const missing = (error.params as { missingProperty?: unknown }).missingProperty;
      const place = `${error.instancePath.slice(1).replaceAll('/', '.')}${typeof missing === 'string' ? `${error.instancePath === '' ? '' : '.'}${missing}` : ''}`;
      const field = place === '' ? 'record' : place;
      return faultOf(field, { problem: 'schema_violation', value: error.keyword }, field);
    });
  };
}
