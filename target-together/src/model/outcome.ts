export const actions = [
  'join',
  'change',
  'leave',
  'rehire',
  'move',
  'same',
  'vanished',
  'excluded',
  'invalid',
] as const;

/** What the plan means to do with a person. */
export type Action = (typeof actions)[number];

export const outcomes = [
  'created',
  'updated',
  'unchanged',
  'skipped',
  'excluded',
  'invalid',
  'rejected',
  'undelivered',
] as const;

/** How a person ended. Every person read has exactly one. */
export type OutcomeName = (typeof outcomes)[number];
