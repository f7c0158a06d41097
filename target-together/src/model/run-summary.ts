/**
 * What a run reports, once for all readers: `--summary` writes it as JSON, the terminal and the HTML report render it,
 * the audit log keeps its counts. It names people by id only; personal values exist only in `ReportData`, and leave it
 * through `report/redaction.ts`.
 */

import * as z from 'zod';
import { Verification } from './fields/verification.ts';
import { actions, outcomes } from './outcome.ts';
import { remarkCodes } from './person.ts';

/** Why a supervisor link is left out. */
export const dropReasons = [
  'unknown',
  'excluded',
  'invalid',
  'self',
  'loop',
  'address',
  'name',
  'spelling',
  'unmatched',
  'ambiguous',
] as const;

export type DropReason = (typeof dropReasons)[number];

const count = z.int().nonnegative();

const instant = z.iso.datetime().describe('RFC 3339 in UTC');

const hash = z.string().describe('Hash in lower-case hex; equal hashes mean equal content');

/** A fault as `Fault` in person.ts, in the spelling of files. `value` holds codes only, never a personal value. */
export const ProblemFault = z.strictObject({
  field: z.string(),
  code: z.string(),
  source: z.string().optional(),
  value: z.string().optional(),
  message: z.string(),
  fix: z.string(),
});

export type ProblemFault = z.infer<typeof ProblemFault>;

export const Tool = z.strictObject({
  name: z.string(),
  version: z.string(),
  node: z.string(),
  runner: z.literal('meltano').optional().describe('What started it, where that says how it is told something'),
});

/** One person who needs a look. */
export const Problem = z.strictObject({
  id: z.string().nullable().describe('employeeId; null when the record had none'),
  kind: z.enum(['invalid', 'rejected', 'undelivered', 'note']).describe('note: the person was sent all the same'),
  status: z.int().optional().describe('HTTP status of the refusal'),
  line: z.int().optional().describe('Input line of the record, for people without an id'),
  since: instant.optional().describe('When the same problem was first seen for this person'),
  faults: z.array(ProblemFault).min(1),
});

/** The same fault of several people, counted in full even where the list of people is cut. */
export const ProblemGroup = z.strictObject({
  kind: Problem.shape.kind,
  field: z.string(),
  code: z.string(),
  people: count,
  message: z.string(),
  fix: z.string(),
});

const guardVerdicts = ['ok', 'tripped', 'accepted', 'no_baseline', 'not_checked', 'off'] as const;

export const Guard = z.strictObject({
  name: z.string().describe('Setting under `guards`, e.g. max_terminated'),
  field: z.string().nullable().describe('Together field, for guards that look at each field'),
  count: count.nullable().describe('People found; min_filled_percent: people whose field is filled'),
  percent: z.number().nullable().describe('What was found, as a share of the baseline'),
  limit: z.strictObject({ count: count.nullable(), percent: z.number().nullable() }),
  baseline: z
    .number()
    .nullable()
    .describe('What it is measured against: people; min_filled_percent: the percent filled in the last successful run'),
  verdict: z.enum(guardVerdicts),
  cause: z.string().nullable().describe('What most of the people share, as a clause'),
  reason: z.string().nullable().describe('Why it was not checked, or how it was released'),
});

/** Changes that share a field and a pair of values. Values only where they are organisational and shared by several people. */
export const Cause = z.strictObject({
  action: z.enum(actions),
  field: z.string(),
  from: z.string().nullable().describe('null: not known, none, or not to be shown'),
  to: z
    .string()
    .nullable()
    .describe('What a change leads to, or what people with this action share; null: empty, or not to be shown'),
  same: z.boolean().describe('false: the field changed, but to different values'),
  people: count,
  of: count.describe('People with this action in all'),
});

const runModes = ['run', 'dry-run', 'plan', 'apply'] as const;

export const RunSummary = z
  .strictObject({
    version: z.literal(1),
    run_id: z.string(),
    mode: z.enum(runModes),
    started_at: instant,
    finished_at: instant,
    exit_code: z.int().min(0).max(255),
    error: z
      .strictObject({ kind: z.string(), message: z.string(), hint: z.string().nullable(), docs: z.string() })
      .nullable()
      .describe('What ended the run early'),
    tool: Tool,
    hashes: z.strictObject({
      settings: hash,
      mapping: hash,
      package: hash.nullable(),
      plan: hash.nullable().describe('What --accept, accept_plan and apply refer to'),
    }),
    destination: z.strictObject({
      host: z.string(),
      region: z.string().nullable().describe('null when api_url is set'),
      organization_id: z.string(),
    }),
    source: z.strictObject({
      cut_off: z.boolean().describe('Whether the input ended like that of a source that was cut off'),
      complete: z.boolean().describe('Whether everybody was read, so that who is missing is really gone'),
      why: z.string().nullable().describe('Why the read counts as complete or partial'),
      streams: z.array(
        z.strictObject({
          stream: z.string(),
          preset: z.string().nullable(),
          records: count,
          mapped: z.boolean().describe('false: no mapping takes this stream, its records were ignored'),
        }),
      ),
    }),
    people_read: count,
    outcomes: z.record(z.enum(outcomes), count).describe('Adds up to people_read'),
    excluded_by: z.record(z.string(), count).describe('People by the filter that took them out'),
    upcoming: z
      .strictObject({
        starts: count,
        leaves: count,
        returns: count,
        days: z
          .array(z.strictObject({ id: z.string(), kind: z.enum(['leaves', 'starts', 'returns']), day: z.iso.date() }))
          .describe('By day; at most a thousand. leaves: the last day, starts and returns: the first one'),
        withdrawn: z.array(z.string()).describe('ids of people who were to leave, and are not any more'),
      })
      .describe('First and last days that lie ahead, as far as the runs up to this one have read'),
    actions: z.record(z.enum(actions), count).describe('What the plan meant to do; vanished people were not read'),
    joins_left: count.describe('Of actions.join: people who have left already, and are sent as terminated'),
    vanished: z
      .array(z.string())
      .describe(
        'People that Together has and who are missing from a complete read; at most a thousand, actions.vanished counts them',
      ),
    together_only: z
      .strictObject({ people: count, ids: z.array(z.string()).describe('At most a thousand') })
      .nullable()
      .describe("Active in Together's own list, and in no record of a complete read; null: the list was not read"),
    verify: Verification.nullable().describe(
      "What Together's list said after the delivery (--verify); null: not asked for",
    ),
    moved: z
      .array(z.strictObject({ from: z.string(), to: z.string() }))
      .describe(
        'People who come under new ids, and whose records the plan gives them; at most a thousand, actions.move counts them',
      ),
    vanished_ended: z
      .strictObject({ planned: count, accepted: count })
      .describe(
        'Of the vanished: those that the plan sends as terminated (setting vanished), and those that Together took as terminated',
      ),
    mapping: z
      .strictObject({
        changed: z.array(z.string()).describe('Since the last successful run, as "title added"'),
        complete_read_due: z
          .array(z.string())
          .describe('Changes that only people of this and earlier partial reads were sent with'),
      })
      .describe('What of the mapping and of the settings beside it has changed'),
    out_of_scope: z
      .strictObject({ people: count, ids: z.array(z.string()), planned: count, accepted: count })
      .describe(
        'People left out now that Together has as active or on leave (at most a thousand ids); planned: those that the plan sends as terminated (setting out_of_scope), accepted: those that Together took as terminated',
      ),
    changes_by_field: z.record(z.string(), count).describe('People with the action change, by changed Together field'),
    guards: z.array(Guard),
    accepted: z.string().nullable().describe('Plan hash given with --accept or accept_plan'),
    causes: z.array(Cause),
    requests: z.strictObject({
      count: count.describe('Every attempt, retries included'),
      retries: count,
      by_status: z.record(z.string(), count).describe('Attempts by HTTP status; "none" where no answer came'),
      waited_ms: count.describe('Time spent waiting for the rate limit, backoff and Retry-After'),
      min_gap_ms: z.number().nullable().describe('Shortest time between an answer and the next request'),
      interval_ms: count.describe('The setting min_interval_ms'),
      bytes_sent: count,
    }),
    problems: z.array(Problem).describe('At most a thousand; problem_groups counts everybody'),
    problems_omitted: count,
    problem_groups: z.array(ProblemGroup),
    supervisors: z.strictObject({
      dropped: z.array(
        z.strictObject({
          id: z.string(),
          supervisor_id: z.string(),
          reason: z
            .enum(dropReasons)
            .describe('address, name, spelling, unmatched, ambiguous: what stands in place of an employeeId'),
        }),
      ),
      dropped_total: count,
      loops: z.array(z.array(z.string())).describe('Each loop as the ids around it'),
      relinked: count.describe('People whose supervisor became valid in this run'),
    }),
    unmapped_codes: z.array(z.strictObject({ field: z.string(), value: z.string(), people: count })),
    stale: z
      .array(z.strictObject({ field: z.string(), people: count }))
      .describe(
        'Fields that the HRIS has emptied and Together keeps (if_empty: keep); none for a plan that is applied',
      ),
    data_quality: z
      .array(z.strictObject({ field: z.string(), code: z.enum(remarkCodes), people: count }))
      .describe('What was put right or noticed in values on their way, by Together field; `record`: not told by field'),
    code_spellings: z.array(
      z.strictObject({
        field: z.string(),
        spellings: z.array(z.strictObject({ value: z.string(), people: count })),
      }),
    ),
    privacy: z.strictObject({
      sent: z.boolean().describe('false: nothing left, the numbers say what would have'),
      people: count,
      fields: z.array(z.strictObject({ field: z.string(), people: count, sensitive: z.boolean() })),
    }),
    baseline: z
      .strictObject({ run_id: z.string(), finished_at: instant, people_read: count })
      .nullable()
      .describe('The last run that ended well'),
    baseline_note: z.string().nullable().describe('Why there is no baseline'),
    audit_head: z
      .string()
      .nullable()
      .describe(
        'Where the audit log ends, SEQ:HASH; kept elsewhere, `audit verify --head` finds a log that was put back',
      ),
    files: z.strictObject({
      rejects: z.string().nullable(),
      plan: z.string().nullable(),
      report: z.string().nullable(),
      audit: z.string().nullable(),
      config: z.array(z.string()).describe('As given with --config'),
    }),
  })
  .meta({ title: 'Run summary of target-together', description: 'Written by --summary. Names people by id only.' });

export type RunSummary = z.infer<typeof RunSummary>;
export type RunMode = RunSummary['mode'];
export type Problem = z.infer<typeof Problem>;
export type ProblemGroup = z.infer<typeof ProblemGroup>;
export type Guard = z.infer<typeof Guard>;
export type GuardVerdict = Guard['verdict'];
export type Cause = z.infer<typeof Cause>;

/** How much of a person a report shows: ids only, also names, or all values but the sensitive. */
export const redactionLevels = ['ids', 'names', 'full'] as const;
export type RedactionLevel = (typeof redactionLevels)[number];

/** One attempt at the API. */
export interface RequestPoint {
  /** Milliseconds since the run's start. */
  readonly atMs: number;
  readonly tookMs: number;
  /** Absent: no answer. */
  readonly status?: number | undefined;
  readonly people: number;
  readonly bytes: number;
}

/** What an earlier run left for the sparklines, oldest first. */
export interface RunPoint {
  readonly runId: string;
  readonly finishedAt: string;
  readonly peopleRead: number;
  readonly exitCode: number;
  /** By guard name, or `name:field`: the percent that the guard looked at. */
  readonly guards: Readonly<Record<string, number>>;
}

/** The key of a guard in `RunPoint.guards`. */
export const guardKey = (guard: { name: string; field: string | null }): string =>
  guard.field === null ? guard.name : `${guard.name}:${guard.field}`;

/** Faults that are worded alike for everybody, whatever the id in their message. */
const pairFaults: ReadonlySet<string> = new Set([
  'duplicate_email',
  'duplicate_employee_id',
  'second_id',
  'new_id',
  'row_without_id',
  'address_in_together',
  'two_records_in_together',
]);

export const isPairFault = (code: string): boolean => pairFaults.has(code);

/** Files that are generated from this one: path in the repository → content. */
export function generated(): Record<string, string> {
  const schema = z.toJSONSchema(RunSummary, { target: 'draft-2020-12' });
  return { 'catalog/run-summary.schema.json': `${JSON.stringify(schema, null, 2)}\n` };
}
