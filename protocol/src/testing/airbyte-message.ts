/** Holds a line against the JSON Schema of Airbyte's own repository. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

const protocol = JSON.parse(readFileSync(new URL('./airbyte-protocol.json', import.meta.url), 'utf8')) as object;
const ajv = new Ajv({ strict: false });
formats.default(ajv);
ajv.addSchema(protocol, 'protocol');
const valid = ajv.compile({ $ref: 'protocol#/definitions/AirbyteMessage' });

/** The parsed message; throws with what the schema has against it. */
export function assertAirbyteMessage(line: string): unknown {
  const message: unknown = JSON.parse(line);
  if (!valid(message)) throw new Error(`${ajv.errorsText(valid.errors)} in ${line}`);
  return message;
}
