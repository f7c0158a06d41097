import * as z from 'zod';

export const count = z.int().nonnegative();

export const instant = z.iso.datetime().describe('RFC 3339 in UTC');

export const hash = z.string().describe('Hash in lower-case hex; equal hashes mean equal content');

/** A fault as `Fault` in ../types.ts, in the spelling of files. `value` holds codes only, never a personal value. */
export const ProblemFault = z.strictObject({
  field: z.string(),
  code: z.string(),
  source: z.string().optional(),
  value: z.string().optional(),
  message: z.string(),
  remedy: z.string(),
});

export type ProblemFault = z.infer<typeof ProblemFault>;

/** Faults that are worded alike for everybody, whatever the id in their message. */
export const isPairFault = (code: string): boolean => code === 'duplicate_email' || code === 'duplicate_employee_id';
