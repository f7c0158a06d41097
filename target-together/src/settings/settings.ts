/**
 * The settings of target-together, in one place: types, validation, `--about`, the Airbyte spec, the Meltano and Hub definitions,
 * the README's table and the sample config all come from this schema.
 */

import { headerValue } from '@ukg-together/kit/settings/header-value';
import * as z from 'zod';
import { crossChecks } from './cross-checks.ts';
import { deletionMarks } from './deletion-marks.ts';
import { on_drift } from './drift-settings.ts';
import { guards } from './guard-settings.ts';
import { filters, hris_fields, mapping } from './mapping-settings.ts';
import { sdkSettings } from './sdk-settings.ts';
import { limiter, webhook } from './service-settings.ts';

const text = (title: string, description: string) => z.string().min(1).meta({ title, description });

const shape = {
  region: z.enum(['eu', 'au', 'ca', 'us']).optional().meta({
    title: 'Region',
    description:
      'Where your organization lives in Together; required unless api_url is set. No default: a wrong region sends personal data to the wrong jurisdiction.',
  }),
  api_url: z.url().optional().meta({
    title: 'API URL',
    description: 'Instead of region: a sandbox or a proxy. Plain http only on 127.0.0.1.',
  }),
  organization_id: text('Organization id', 'The organization-id header, from Together support.').refine(...headerValue),
  client_id: text('Client id', 'The client-id header, from Together support.').refine(...headerValue),
  api_key: z
    .string()
    .min(1)
    .refine(...headerValue)
    .meta({ title: 'API key', description: 'The api-key header.', secret: true }),

  mapping,
  hris_fields,
  sensitive_fields: z.array(z.string()).default([]).meta({
    title: 'Sensitive fields',
    description: 'Which of dateOfBirth, gender and custom fields marked sensitive may be sent.',
  }),
  department_org_level: z.int().min(1).max(4).nullable().default(null).meta({
    title: 'Department org level',
    description:
      'Which UKG org level (1 to 4) is the department; null: the one whose description says so, else level 1.',
  }),
  time_zone: z.string().default('UTC').meta({
    title: 'Time zone',
    description:
      'IANA zone that says which day it is when the run starts, and of date-times that come without a zone, e.g. America/New_York.',
  }),
  effective_dates: z
    .strictObject({
      end: z.enum(['day_after', 'day_of', 'status']).default('day_after').meta({
        title: 'End',
        description:
          'When a T with an end date takes effect: the day after it (as in UKG), on it, or as soon as the source says T. Until then the person is sent as before.',
      }),
      hire_lead_days: z.int().min(0).nullable().default(0).meta({
        title: 'Lead of a hire (days)',
        description: 'How many days before the first day a person is sent; null: as soon as the source has the person.',
      }),
    })
    .prefault({})
    .meta({
      title: 'Effective dates',
      description: 'What happens before a last or first day that lies ahead. The day is counted in time_zone.',
    }),
  clear_with: z.enum(['null', 'empty']).default('null').meta({
    title: 'Clear with',
    // UNVERIFIED: what Together does with null and with "" is not documented; its own sample sends "".
    description: 'What a rule with if_empty: clear sends: null, or an empty string.',
  }),
  filters,

  batch_size: z.int().min(1).max(100_000).default(2000).meta({
    title: 'Batch size',
    // UNVERIFIED: how many users Together takes at once is not published; it starts small and grows on quick answers only.
    description:
      'The most users in one request. It starts at 500, doubles while answers take less than a quarter of request_timeout_secs, halves on 413, timeouts and 502 to 504, and is remembered.',
  }),
  max_body_bytes: z.int().min(1_000).max(100_000_000).default(4_000_000).meta({
    title: 'Largest body (bytes)',
    // UNVERIFIED: how many bytes Together takes at once is not published.
    description: 'The most bytes in one request. It starts at 1,000,000 and adapts as batch_size does.',
  }),
  min_interval_ms: z.int().min(0).default(1000).meta({
    title: 'Interval (ms)',
    description:
      'Between the answer to one request and the start of the next. Together revokes keys that come faster than 1000; less is allowed only on 127.0.0.1.',
  }),
  request_timeout_secs: z.number().positive().default(60).meta({
    title: 'Request timeout (s)',
    description: 'How long to wait for one answer.',
  }),
  max_retries: z.int().min(0).default(8).meta({
    title: 'Retries',
    description: 'Further tries of one request on 429, 5xx and network failures, with exponential backoff.',
  }),
  max_wait_secs: z.number().min(1).max(86_400).default(600).meta({
    title: 'Longest wait (s)',
    description:
      'For one request with all its tries and waits. Beyond it sending stops, also where Together asks to wait longer.',
  }),
  limiter,

  state_dir: z.string().min(1).nullable().optional().meta({
    title: 'State folder',
    description:
      'Ledger, rejects, runs and lock; default: target-together/<host>_<organization> in the XDG state folder; "redis", or "redis:NAME" for one of several, keeps them in the Redis of limiter, encrypted with ledger_key, for containers without a disk; null or "none" keeps nothing (then every run sends everybody). A relative path counts from the folder of the settings file.',
  }),
  ledger_key: z.string().min(16).optional().meta({
    title: 'Ledger key',
    description:
      'Keys the hashes in the ledger; default: a random key generated in state_dir, readable only by you. Required with state_dir "redis", where it also encrypts all that is kept there: openssl rand -hex 32.',
    secret: true,
  }),
  resend_after_hours: z.number().min(0).nullable().default(24).meta({
    title: 'Resend after (h)',
    description:
      'An unchanged person is sent again after this (Together asks for once a day); null: only when changed.',
  }),
  guards,
  accept_plan: z.string().min(1).nullable().default(null).meta({
    title: 'Accepted plan',
    description:
      'The hash of a plan that a guard stopped, as the stopped run names it: releases exactly that plan, once. For runners that pass no `--accept` (Airbyte, Meltano); once it has done its work it fits nothing more.',
  }),
  vanished: z.enum(['report', 'terminate']).default('report').meta({
    title: 'Vanished people',
    description: 'People sent before and missing from a complete read: report them, or send them as terminated.',
  }),
  out_of_scope: z.enum(['report', 'terminate']).default('report').meta({
    title: 'People out of scope',
    description:
      'People that Together has as active and that a filter, or company_ids at the source, leaves out now: report them, or send them as terminated, through the guards.',
  }),
  on_new_id: z.enum(['hold', 'relink']).default('hold').meta({
    title: 'New id of a known person',
    description:
      'When an unknown id comes with the address of a person that Together has, and who is missing from a complete read or comes as a leaver: hold the new id back, or relink: give the record in Together the new id. The old id is not ended by it. More of them than guards.max_moved stop the run; releasing its plan relinks them.',
  }),
  leaver_email: z
    .string()
    .regex(/^[^@\s]*\{employeeId\}[^@\s]*@[^@\s{}]+\.[^@\s{}]+$/, {
      message: 'must be an address with {employeeId} before the @, as {employeeId}@left.example.com',
    })
    .nullable()
    .default(null)
    .meta({
      title: "Leavers' address",
      pattern_descriptor: '{employeeId}@left.example.com',
      description:
        'An address that leavers get when their end is sent, e.g. {employeeId}@left.example.com, so that a new person may have the old one; null: they keep theirs.',
    }),
  complete_reads: z.enum(['declared', 'always', 'never']).default('declared').meta({
    title: 'Complete reads',
    description:
      'declared: only a source that says so at its end (Singer: one ACTIVATE_VERSION after the records, then STATE; Airbyte: COMPLETE of a full refresh) has read everybody; never: not even then, for sources that say so after a part (log based); always: this source always reads everybody, and a failed one never reaches the end of input.',
  }),
  vanished_after_reads: z.int().min(1).default(2).meta({
    title: 'Vanished after (reads)',
    description: 'With vanished: terminate, a person is ended after this many complete reads in a row without them.',
  }),
  deleted_when: z
    .array(z.string().min(1))
    .nullable()
    .default([...deletionMarks])
    .meta({
      title: 'Deletion marks',
      description:
        'Columns in which a time or a true value says that the row is deleted in the source: a person that Together has is ended, through the guards; none is created. null: none.',
    }),
  on_drift,
  verify_after_run: z.boolean().default(false).meta({
    title: 'Verify each run',
    description:
      "Each run and plan reads Together's own list before it plans, for `on_drift`, and a run again after it has sent, to compare what Together holds with what it accepted; as --verify does for one run.",
  }),
  unmapped_streams: z.enum(['stop', 'ignore']).default('stop').meta({
    title: 'Unmapped streams',
    description:
      'When no mapping takes any of the streams that came: stop with exit code 2 and hold the bookmark back, or ignore them, for runs that carry other streams on purpose.',
  }),
  guard_window_hours: z.number().min(0).default(24).meta({
    title: 'Guard window (h)',
    description:
      'Guards count what the runs of this many hours did together, so that a few people every hour add up; 0: each run alone.',
  }),
  max_rejected_percent: z.number().min(0).max(100).default(5).meta({
    title: 'Most refused (%)',
    description:
      'Above this share of people refused by Together, the exit code is 4; also when no person could be mapped.',
  }),
  audit_retention_days: z.int().min(1).nullable().default(400).meta({
    title: 'Audit retention (days)',
    description: 'The audit log has a file a month; this long after its end a month is removed. null keeps all.',
  }),
  rejects_retention_days: z.int().min(1).nullable().default(90).meta({
    title: 'Rejects retention (days)',
    description:
      'A record of a person who was refused or could not be mapped goes after this many days in which no run met it again; null keeps it until the person is sent or a complete read no longer has the row.',
  }),
  keep_values_days: z.int().min(0).default(0).meta({
    title: 'Keep values (days)',
    description:
      'What Together accepted before is kept this long after other values took its place, encrypted with a key for each person, so that `revert` can take a run back; 0: nothing is kept, and what was is removed.',
  }),
  webhook,
  ...sdkSettings,
};

const isObject = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null;

/** What a config file may hold; unknown keys are kept out by the loader with a warning. */
export const Settings = crossChecks.reduce(
  // Checked even where other fields are wrong, so that every fault is reported at once.
  (schema, { path, message, holds }) => schema.refine(holds, { path: [path], message, when: isObject }),
  z.object(shape),
);

export type Settings = z.infer<typeof Settings>;
export type Filter = Settings['filters'][number];
export type Guards = Settings['guards'];

/** The host that people's data goes to. Source of the regional hosts: Together's User API guide. */
export function apiBase(settings: Pick<Settings, 'region' | 'api_url'>): URL {
  const url = new URL(settings.api_url ?? `https://api.${settings.region}.togetherplatform.com`);
  // The root's dot names the same host: a lock, a state and a plan belong to one.
  url.hostname = url.hostname.replace(/\.$/, '');
  return url;
}
