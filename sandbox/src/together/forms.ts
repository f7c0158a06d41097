/** Forms in which GET answers may show what was taken: it is not documented whether Together keeps values as they were sent. */
import type { Fields } from './store.ts';

export interface ListForms {
  /** Instants as `2019-01-01`, or as `2019-01-01T00:00:00+00:00`. */
  dates?: 'day' | 'offset';
  /** Country codes as names. */
  countries?: 'names';
  /** Fields that are shown in lower case. */
  lower?: readonly string[];
  /** Custom fields in one object instead of flat, dotted names. */
  nested?: boolean;
  /** Names in another spelling: `employee_id`. */
  keys?: 'snake';
}

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const instant = /^(\d{4}-\d\d-\d\d)(T[\d:.]+)Z$/;

function formed(name: string, value: unknown, forms: ListForms): unknown {
  if (typeof value !== 'string') return value;
  if (forms.dates && instant.test(value))
    return value.replace(instant, forms.dates === 'day' ? '$1' : '$1T00:00:00+00:00');
  if (forms.countries && name === 'addressCountry' && /^[A-Z]{2}$/.test(value)) return regions.of(value);
  return forms.lower?.includes(name) ? value.toLowerCase() : value;
}

const spelled = (name: string, { keys }: ListForms): string =>
  keys === 'snake' && !name.includes('.') ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name;

/** A user's fields as they are shown. */
export function inForm(fields: Fields, forms: ListForms, listsCustom = true): Fields {
  const shown: Fields = {};
  const custom: Fields = {};
  for (const [name, value] of Object.entries(fields)) {
    const dotted = /^hrisFields\.(.+)$/s.exec(name);
    if (forms.nested && dotted) custom[dotted[1] as string] = value;
    else shown[spelled(name, forms)] = formed(name, value, forms);
  }
  return forms.nested && listsCustom ? { ...shown, [spelled('hrisFields', forms)]: custom } : shown;
}
