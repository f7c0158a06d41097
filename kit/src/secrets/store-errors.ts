import { ConnectorError, said } from '../error.ts';
import { isObject } from '../lines/json.ts';

export function fieldOf(value: unknown, field: string, reference: string): string {
  const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  if (typeof found !== 'string' && typeof found !== 'number')
    throw new ConnectorError('settings', said`The secret ${reference} has no field of that name.`);
  return String(found);
}
