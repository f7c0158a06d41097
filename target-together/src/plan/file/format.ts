import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import * as z from 'zod';
import { actions } from '../../model/outcome.ts';
import { Cause, Guard, redactionLevels, Tool } from '../../model/run-summary.ts';

export const PlanPerson = z.strictObject({
  id: z.string(),
  action: z.enum(actions),
  new: z.boolean().describe('Together has never accepted this person'),
  from: z
    .string()
    .optional()
    .describe('The employeeId under which Together has this person, whose record gets the new id'),
  number: z.string().optional().describe('Employee number, where the source has one beside the id'),
  name: z.string().optional(),
  changes: z
    .array(z.strictObject({ field: z.string(), from: z.string().optional(), to: z.string().optional() }))
    .optional()
    .describe('Values only at the redaction level that allows them'),
  clears: z.array(z.string()).optional().describe('Fields that are emptied beside what the body says'),
  patch: z.literal(true).optional().describe('Was not read: a part of the body is all that is sent'),
  body: z.string().describe('What is sent, encrypted: base64 of ciphertext and tag'),
  record: z
    .string()
    .optional()
    .describe('The record as it came, encrypted: what the rejects keep of a person who is refused'),
});

export const PlanHead = z.strictObject({
  format: z.literal('target-together plan'),
  version: z.literal(1),
  plan_hash: z.string(),
  run_id: z.string(),
  created_at: z.iso.datetime(),
  read_at: z.iso.datetime().describe('Start of the run that read the people: what is due once a day counts from then'),
  tool: Tool,
  destination: z.strictObject({ host: z.string(), region: z.string().nullable(), organization_id: z.string() }),
  hashes: z
    .strictObject({ settings: z.string(), mapping: z.string(), ledger: z.string() })
    .describe('apply refuses when one of them has moved'),
  redaction: z.enum(redactionLevels),
  complete: z.boolean(),
  people_read: z.int(),
  actions: z.record(z.enum(actions), z.int()),
  guards: z.array(Guard),
  causes: z.array(Cause),
  to_send: z.int().describe('People below'),
  salt: z.string().describe('hex'),
  read: z
    .string()
    .describe(
      'What the read leaves to the runs after it, encrypted: checkpoints, released once every person has an outcome, and counts',
    ),
});

const PlanFile = PlanHead.extend({
  mac: z.string().describe('HMAC-SHA-256 of everything above, hex'),
  people: z.array(PlanPerson).describe('In the order in which they are sent'),
  unsent: z.array(z.string()).describe('People who were read and are not sent, encrypted in groups'),
});

export type PlanHead = z.infer<typeof PlanHead>;

export type PlanPerson = z.infer<typeof PlanPerson>;

export function planFileSchema(): JsonSchema {
  return z.toJSONSchema(PlanFile, { target: 'draft-2020-12' }) as JsonSchema;
}
