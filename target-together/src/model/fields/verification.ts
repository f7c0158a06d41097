/** What Together's own list says of what was accepted, in numbers, ids and field names; never a value. */
import * as z from 'zod';

const count = z.int().nonnegative();

export const mostIds = 1000;

const some = z.strictObject({ people: count, ids: z.array(z.string()).describe(`At most ${mostIds}`) });

export const FieldTally = z.strictObject({
  field: z.string(),
  verdict: z
    .enum(['compared', 'not_comparable', 'not_listed', 'not_set_up'])
    .describe(
      'compared: it comes back as it was sent, for at least one person; not_comparable: it comes back, as it was sent for no person; not_listed: the list has it for no person; not_set_up: a custom field that the list has for nobody, while it has other ones. Only what is compared counts for a person',
    ),
  confirmed: count.describe('People whose value on the list is what was accepted'),
  different: count,
  absent: count.describe('People whose value is empty on the list'),
});

export const Verification = z
  .strictObject({
    listed: count.describe("Users on Together's list"),
    may_be_a_page: z.boolean().describe('The list may be one page of several: who is absent may be on another one'),
    people: count.describe('Accepted from here, not deleted in Together, and on the list if they are there'),
    confirmed: count.describe(
      'Each compared field as accepted; with different, absent and unknown it adds up to people',
    ),
    different: count,
    absent: count.describe('Not on the list; terminated people only where the list has terminated ones at all'),
    unknown: count.describe('Listed, and the ledger does not say what exactly was accepted'),
    not_on_page: count.describe(
      'People that nothing is said of: the list is one page of several, or lacks most people and will be a part',
    ),
    not_listed_terminated: count.describe('Terminated people who are missing from a list that has no terminated ones'),
    fields: z.array(FieldTally),
    changed: z
      .array(z.strictObject({ id: z.string(), fields: z.array(z.string()) }))
      .describe(`Who is different, and in which fields; at most ${mostIds}`),
    absent_ids: z.array(z.string()).describe(`At most ${mostIds}`),
    ended: some.describe('Terminated in Together, and not by what was sent last'),
    revived: some.describe('Not terminated in Together, though sent as terminated'),
    outside: some.describe(
      'Not terminated in Together, and never accepted from here, or missing from the last complete reads',
    ),
    left: z
      .array(z.strictObject({ field: z.string(), people: count }))
      .describe('Changes that on_drift leaves as they are'),
  })
  .meta({ title: 'Verification', description: 'What the list of Together says of what it accepted. No values.' });

/** Files that are generated from this one: path in the repository → content. */
export function generated(): Record<string, string> {
  const schema = z.toJSONSchema(Verification, { target: 'draft-2020-12' });
  return { 'catalog/verification.schema.json': `${JSON.stringify(schema, null, 2)}\n` };
}

export type Verification = z.infer<typeof Verification>;
export type FieldTally = z.infer<typeof FieldTally>;
export type FieldVerdict = FieldTally['verdict'];
