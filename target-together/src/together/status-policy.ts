/** What a status of Together means. */
import { type Policy, transientStatuses, verdict, wordsFor } from '@ukg-together/transport/retry/policy';

/** Its guide documents 200, 201, 204, 400, 401, 409, 410, 429, 500, 502, 503. UNVERIFIED: 403, 404, 413, 422, 504 and 207. */
export const togetherPolicy: Policy = [
  { status: 200, verdict: 'success', meaning: 'fields were updated' },
  { status: 201, verdict: 'success', meaning: 'a new user was created' },
  { status: 204, verdict: 'success', meaning: 'already up to date' },
  { status: 207, verdict: 'success', meaning: 'a result for each user' },
  { status: 400, verdict: 'refused', meaning: 'required information is missing or wrong' },
  { status: 401, verdict: 'credentials', meaning: 'the credentials are not valid' },
  { status: 403, verdict: 'credentials', meaning: 'the credentials are not allowed to do this' },
  {
    status: 409,
    verdict: 'refused',
    meaning: "the account was modified permanently on Together's side and can't be updated",
  },
  { status: 410, verdict: 'refused', meaning: "the account was deleted in Together and can't be added again" },
  { status: 413, verdict: 'too_large', meaning: 'the request was too large' },
  // Servers use it like 400, and a refusal loses no one.
  { status: 422, verdict: 'refused', meaning: 'the information was not accepted' },
  ...transientStatuses,
];

/** Whether a person is refused by this status. */
export const isRefusal = (status: number): boolean => verdict({ status }, togetherPolicy) === 'refused';

/** Why a person was refused: the status in words and the Together fields that the answer names, never its own text. */
export function refusalReason(status: number, fields: readonly string[] = []): string {
  const named = fields.length > 0 ? ` (it names ${fields.join(', ')})` : '';
  return `HTTP ${status}: ${isRefusal(status) ? wordsFor(status, togetherPolicy) : 'refused'}${named}`;
}
