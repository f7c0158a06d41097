/**
 * The settings of tap-ukg-pro, said once: types, validation, `--about`, the Airbyte spec, the Meltano and Hub
 * definitions, the README's table and the sample config all come from this schema.
 */

import { isKnownZone } from '@ukg-together/kit/days/zone';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { headerValue } from '@ukg-together/kit/settings/header-value';
import * as z from 'zod';
import { normaliseBaseUrl } from './base-url.ts';
import { customEndpoint } from './custom-endpoints.ts';

const text = (title: string, description: string) => z.string().min(1).meta({ title, description });
const secret = (title: string, description: string) => z.string().min(1).meta({ title, description, secret: true });
const names = (title: string, description: string) =>
  z.array(z.string().min(1)).optional().meta({ title, description });

const day = (title: string, description: string) =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/, { message: 'must be a date such as 2026-01-31' })
    .refine((value) => !Number.isNaN(Date.parse(value)), { message: 'is no real date' })
    .meta({ title, description, format: 'date-time', pattern_descriptor: 'YYYY-MM-DD or YYYY-MM-DDTHH:mm:ssZ' });

const period = z
  .string()
  .regex(/^\d{8}\d?$/, { message: 'must be YYYYMMDD with the number of the run after it, e.g. 202601311' })
  .meta({ pattern_descriptor: 'YYYYMMDD and the number of the run' });

const zone = z
  .string()
  .refine(isKnownZone, { message: 'is no zone that this machine knows; an example is America/New_York' });

const values = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);

const filter = z
  .strictObject({
    name: z.string().min(1).optional().meta({ title: 'Name', description: 'Shown in logs; default: the field.' }),
    field: z.string().min(1).meta({ title: 'Field', description: 'A field of `employees`, e.g. employeeTypeCode.' }),
    in: values.optional().meta({ title: 'Keep', description: 'Keep only people with one of these values.' }),
    not_in: values.optional().meta({ title: 'Leave out', description: 'Leave out people with one of these values.' }),
  })
  .refine((rule) => (rule.in === undefined) !== (rule.not_in === undefined), {
    message: 'needs exactly one of "in" and "not_in"',
  });

const writtenSettings = z.object({
  base_url: z
    .string()
    .meta({
      title: 'Base URL',
      description:
        'The host of your web services, as System Configuration > Security > Web Services shows it: `Servicet`, `servicet.ultipro.com` or any whole address from that page. Plain http only on 127.0.0.1.',
      examples: ['https://service5.ultipro.com'],
    })
    .transform((value, context) => {
      try {
        return normaliseBaseUrl(value);
      } catch (thrown) {
        const { message, hint } = thrown as ConnectorError;
        context.addIssue({ code: 'custom', message: `${message.replace(/^base_url /, '')} ${hint ?? ''}`.trim() });
        return z.NEVER;
      }
    }),
  username: text(
    'User name',
    'The web service account, from System Configuration > Security > Service Account Administration.',
  ).refine((value) => !value.includes(':'), { message: 'must not hold a colon' }),
  password: secret('Password', 'Its password, shown once when the account is saved.'),
  customer_api_key: secret(
    'Customer API key',
    'The five characters at the top of Service Account Administration.',
  ).refine(...headerValue),
  user_api_key: secret('User API key', 'Sent as x-api-key; only if your tenant asks for it.')
    .refine(...headerValue)
    .optional(),

  company_ids: names('Companies', 'Keep only these component companies, by id or by code. Default: all.'),
  filters: z.array(filter).default([]).meta({
    title: 'Filters',
    description:
      'Leave people out of `employees`, with counts in the log. People who have left the company always pass, so that no filter hides a leaver.',
  }),
  start_date: day(
    'Start date',
    'Where incremental streams start when there is no bookmark yet. `employees` always starts with everybody.',
  ).optional(),
  lookback_days: z.int().min(0).max(3650).default(2).meta({
    title: 'Look-back',
    description:
      'Days taken off a bookmark before it is asked for, for rows that UKG stores late. Two more days are always taken off: nothing says which zone a date filter means and whether it is inclusive.',
  }),
  full_read_interval_hours: z.number().min(0).default(24).meta({
    title: 'Full read interval',
    description:
      'Hours after which an incremental `employees` reads everybody again: renamed departments, locations and supervisors touch no row of a person.',
  }),
  time_zone: zone.default('UTC').meta({
    title: 'Time zone',
    description:
      'IANA zone of your UKG: which day is today for hire and termination dates, and which zone is meant by stamps that UKG sends without one (dateTimeChanged …). Days such as hire dates never shift, whatever it says. target-together has the same setting: give both the same zone.',
    examples: ['America/New_York'],
  }),
  timezone: zone.optional().meta({
    title: 'Time zone (old name)',
    description: 'The old name of `time_zone`, which wins where both are given.',
    deprecated: true,
  }),
  transfer_reasons: z.array(z.string().min(1)).default(['TRO']).meta({
    title: 'Transfer reasons',
    // UNVERIFIED: TRO is what production exports show; a tenant may have reasons of its own.
    description:
      'Codes of termReason that end an employment because the person moves to another component company, so that it is no termination yet.',
  }),
  transfer_grace_days: z.int().min(0).max(60).default(3).meta({
    title: 'Transfer grace (days)',
    description:
      'A person whose only employment ended for a transfer reason is "in transfer" for so many days: passed on with `keepReason`, so that target-together keeps the person as it was. Counted from the last day in the old company. After that the termination counts. 0: at once.',
  }),
  hire_lead_days: z.int().min(0).max(366).nullable().default(0).meta({
    title: 'Hire lead (days)',
    description:
      'So many days before its first day, an employment counts as begun where the person has no other one in force. Null: as soon as UKG lists it. Give it the value of `effective_dates.hire_lead_days` of target-together, which decides when a new hire is sent.',
  }),
  department_org_level: z.int().min(1).max(4).optional().meta({
    title: 'Department level',
    description:
      'Which org level (1 to 4) is the department. Default: the one that your tenant calls department (or Dept, Abteilung, Département …), else level 1; the log says which.',
  }),
  home_company_source: z
    .enum(['person_details', 'employee_employment_details', 'none'])
    .default('person_details')
    .meta({
      title: 'Home company from',
      description:
        'Where the home company of people with several employments is read: the company of their person row, the flag in employee-employment-details (more requests), or nowhere.',
    }),
  jobs_version: z.enum(['v1', 'v2']).default('v1').meta({
    title: 'Version of jobs',
    description: 'Which generation of the jobs web service your tenant has.',
  }),
  platform_configuration_version: z.enum(['v1', 'v2']).default('v1').meta({
    title: 'Version of platform fields',
    description: 'Which generation of platform-configuration-fields your tenant has.',
  }),
  platform_configuration_classes: names(
    'Platform classes',
    'Class names whose custom fields are read, for platform_configuration_fields, custom_fields_schema and the `platformFields` of employees.',
  ),
  code_tables: names('Code tables', 'Tables that the stream code_tables reads, e.g. EMPTYPE. Default: all.'),
  deduction_codes: names(
    'Deduction codes',
    'Codes that the stream emp_deductions asks for; UKG needs them one by one.',
  ),
  pay_periods: z
    .strictObject({
      from: period.optional().meta({ title: 'From', description: 'First period control, YYYYMMDDn.' }),
      to: period.optional().meta({ title: 'To', description: 'Last period control, YYYYMMDDn.' }),
    })
    .default({})
    .meta({ title: 'Pay periods', description: 'Bounds the payroll streams. Default: everything that UKG keeps.' }),
  pay_statements: z
    .strictObject({
      from: day('From', 'First day.'),
      to: day('To', 'Last day; default: the day of the run.').optional(),
      pay_group: z.string().min(1).optional().meta({ title: 'Pay group', description: 'Only this pay group.' }),
    })
    .optional()
    .meta({ title: 'Pay statements', description: 'The window of pay_statements and pay_statements_summary.' }),
  audit_details: z
    .array(
      z.strictObject({
        table_name: text('Table', 'UKG table.'),
        field_name: text('Field', 'UKG field.'),
        action: z.string().min(1).optional().meta({ title: 'Action', description: 'Only this action.' }),
      }),
    )
    .default([])
    .meta({ title: 'Audited fields', description: 'What the stream audit_details asks for; needs start_date.' }),
  include_fields: z
    .array(
      z
        .string()
        .regex(/^\w+\.(\w+|\*)$/, { message: 'must be stream.field or stream.*' })
        .meta({ pattern_descriptor: 'stream.field or stream.*' }),
    )
    .default([])
    .meta({
      title: 'Further fields',
      description:
        'What discovery leaves out unless it is named here: sensitive fields, fields that need further requests, and streams that need a further right, as `employees.dateOfBirth`, `employees.*` or `compensation_details.*`. Whatever a selection pattern selects is then safe to read.',
    }),
  custom_endpoints: z.array(customEndpoint).default([]).meta({
    title: 'Own endpoints',
    description: 'Further UKG web services as streams of yours.',
  }),

  check_streams: z.array(z.string().min(1)).default(['employees']).meta({
    title: 'Streams to check',
    description: "What Airbyte's connection check tries; list others if you do not read `employees`.",
  }),
  page_size: z
    .union([z.int().min(1).max(10_000), z.record(z.string(), z.int().min(1).max(10_000))])
    .optional()
    .meta({
      title: 'Page size',
      description:
        'Rows asked for on a page, one number or one for each stream by name. Default: the most that each web service allows.',
    }),
  request_timeout_secs: z.number().min(1).max(3600).default(300).meta({
    title: 'Request timeout',
    description: 'Seconds of waiting for UKG, for one page in all. A page of 10,000 rows can be 30 MB.',
  }),
  max_retries: z.int().min(0).max(100).default(8).meta({
    title: 'Retries',
    description: 'Tries after the first when UKG is busy or the connection breaks, waiting longer each time.',
  }),
  max_wait_secs: z.number().min(1).max(86_400).default(600).meta({
    title: 'Longest wait',
    description:
      'Seconds for one request with all its tries and waits. Beyond it the stream fails, also where UKG asks to wait longer.',
  }),
  max_page_rows: z.int().min(1).optional().meta({
    title: 'Largest page',
    // UNVERIFIED: whether some web service ignores the page size; ten times as many rows are no page any more.
    description:
      'Rows of one page beyond which its stream fails. Default: ten times the page size, but 10,000 at least; 1,000,000 where no page size is asked for.',
  }),
  max_concurrency: z.int().min(1).max(16).default(2).meta({
    title: 'Requests at once',
    description: 'UKG counts requests per minute and publishes no number: more is faster until it answers 429.',
  }),
  user_agent: z
    .string()
    .min(1)
    .refine(...headerValue)
    .optional()
    .meta({ title: 'User agent', description: 'Sent with each request.' }),
  mark_left_out: z.boolean().default(false).meta({
    title: 'Mark people left out',
    description:
      'Pass on the id of each person that `company_ids` or `filters` leave out, with `keepReason: "out_of_scope"` and nothing else, so that target-together tells them from people who are gone. Leave it off for other targets.',
  }),
  keep_unknown_fields: z.boolean().default(false).meta({
    title: 'Keep unknown fields',
    description:
      'Pass on fields that UKG sends and this version does not know, instead of dropping them with one line in the log. They may be personal.',
  }),
  emit_activate_version_messages: z.boolean().default(true).meta({
    title: 'ACTIVATE_VERSION',
    description: 'Tell the target when a read was complete, so that it can find who is gone.',
  }),
});

export const settingsSchema = writtenSettings.transform(({ timezone, ...settings }) => ({
  ...settings,
  time_zone: settings.time_zone === 'UTC' ? (timezone ?? 'UTC') : settings.time_zone,
}));

export type Settings = z.infer<typeof settingsSchema>;
export type Filter = z.infer<typeof filter>;

/** Rows asked for on a page of a stream. */
export function pageSizeOf(settings: Pick<Settings, 'page_size'>, stream: { name: string; pageSize: number }): number {
  const { page_size: given } = settings;
  const size = typeof given === 'number' ? given : given?.[stream.name];
  return Math.min(size ?? stream.pageSize, stream.pageSize);
}

/** What a run needs that is no single setting's fault. */
export function settingFault(setting: string, sentence: string, stream: string): ConnectorError {
  return new ConnectorError('settings', said`${stream} needs the setting ${setting}: ${sentence}`, { stream });
}
