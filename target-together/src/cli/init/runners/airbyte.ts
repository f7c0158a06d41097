/** The configuration of both connectors in Airbyte, as its API and its form take it; secrets are named, to be put in where they are sent. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { listForm, typesOf } from '@ukg-together/kit/settings/schema';
import settingsJson from '../../../generated/settings.json' with { type: 'json' };
import { spec } from '../../../generated/spec.ts';
import type { Machine, Section } from '../schedules.ts';
import { selectedFields, withoutSecrets } from './shared-settings.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const named = (variable: string): string => `{{${variable}}}`;

/** What only a machine of one's own has. */
const ofThisMachine = ['state_dir', 'limiter', 'ledger_key', 'accept_plan'];

export const sourceConfiguration = ({ sections }: Machine): string =>
  json(withoutSecrets('tap-ukg-pro', sections['tap-ukg-pro'], named));

/** A pod keeps nothing, and several may send: limit and state lie in the Redis of redis.yaml. */
export function destinationConfiguration({ sections }: Machine): string {
  const own = withoutSecrets('target-together', sections['target-together'], named);
  const kept = Object.fromEntries(Object.entries(own).filter(([key]) => !ofThisMachine.includes(key)));
  return json({
    ...asForm(customsApart(kept)),
    state_dir: 'redis',
    ledger_key: named('TARGET_TOGETHER_LEDGER_KEY'),
    limiter: {
      type: 'redis',
      url: `rediss://:${named('REDIS_PASSWORD')}@ukg-together-redis:6379`,
      ca: named('REDIS_CA'),
    },
  });
}

export function connectionBody({ catalog }: Machine): string {
  const { stream, fields } = selectedFields(catalog) ?? { stream: 'employees', fields: [] };
  return json({
    name: 'UKG Pro to Together',
    configurations: {
      streams: [
        {
          name: stream,
          syncMode: 'incremental_deduped_history',
          ...(fields.length > 0 && { selectedFields: fields.map((field) => ({ fieldPath: [field] })) }),
        },
      ],
    },
    schedule: { scheduleType: 'cron', cronExpression: '0 0 3 * * ?' },
  });
}

/** The form has a list of its own for custom fields, and takes them nowhere else. */
function customsApart(section: Section): Section {
  const { mapping, hris_fields: named } = section;
  if (!isObject(mapping) || !isObject(mapping['fields'])) return section;
  const { hrisFields, ...fields } = mapping['fields'];
  const own: Record<string, unknown> = { ...(isObject(hrisFields) && hrisFields) };
  for (const [field, rule] of Object.entries(fields)) {
    const [, key] = /^hrisFields\.(.+)$/.exec(field) ?? [];
    if (key === undefined) continue;
    own[key] = rule;
    delete fields[field];
  }
  return { ...section, mapping: { ...mapping, fields }, hris_fields: { ...(isObject(named) && named), ...own } };
}

const formSchema = spec.spec.connectionSpecification as unknown as JsonSchema;

/** Settings as the form writes them: names as lists of small objects, further objects as texts of JSON; null is left out. */
function asForm(section: Section): Section {
  const shown = formSchema.properties ?? {};
  const described = (settingsJson as unknown as JsonSchema).properties ?? {};
  return filled(
    Object.entries(section).map(([key, value]) => [key, formValue(value, shown[key], described[key] ?? {})]),
  );
}

function formValue(value: unknown, form: JsonSchema | undefined, described: JsonSchema): unknown {
  if (form === undefined || value === null) return value;
  const list = listForm(described);
  if (list && isObject(value))
    return Object.entries(value).map(([name, rule]) => entryOf(name, rule, list, form.items ?? {}));
  if (isObject(value) && form.properties) {
    const inner = described.properties ?? {};
    return filled(
      Object.entries(value).map(([key, part]) => [key, formValue(part, form.properties?.[key], inner[key] ?? {})]),
    );
  }
  if (Array.isArray(value)) return value.map((item) => formValue(item, form.items, described.items ?? {}));
  return typesOf(form).has('string') && typeof value !== 'string' ? JSON.stringify(value) : value;
}

function entryOf(name: string, rule: unknown, list: NonNullable<ReturnType<typeof listForm>>, form: JsonSchema) {
  if (rule === null) return { [list.key]: name, ...(list.remove !== undefined && { [list.remove]: true }) };
  const parts = typeof rule === 'string' || Array.isArray(rule) ? { from: rule } : (rule as Record<string, unknown>);
  const { from, ...rest } = parts;
  return filled([
    [list.key, name],
    ['from', from === undefined ? undefined : [from].flat()],
    ...Object.entries(rest).map(
      ([key, part]) => [key, formValue(part, form.properties?.[key], {})] as [string, unknown],
    ),
  ]);
}

const filled = (entries: readonly [string, unknown][]): Section =>
  Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
