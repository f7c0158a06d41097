/** How an array is answered. Nothing about it is published, so every shape that one can imagine is here to be met. */
import { json, type Reply } from '../server/reply.ts';
import type { FieldFault } from './validate.ts';

/** What became of one user. */
export interface Result {
  readonly status: 200 | 201 | 204 | 400 | 409 | 410;
  readonly employeeId: string | undefined;
  readonly userId: string | undefined;
  readonly message: string;
  readonly faults: readonly FieldFault[];
}

/**
 * `bare`: one status for all; a refused user makes it 400, 409 or 410, naming no one of them. `named`: the same, and the body names the
 * refused. The others answer 200 (207 with `multiStatus`) and one result for each user, in different clothes; `unrecognised`
 * is a shape that no client can know.
 */
export type AnswerShape = 'bare' | 'named' | 'list' | 'results' | 'multistatus' | 'split' | 'unrecognised';

const refused = (result: Result): boolean => result.status >= 400;
const WORDS: Readonly<Record<number, string>> = {
  200: 'updated',
  201: 'created',
  204: 'unchanged',
  400: 'Bad Request',
  409: 'Conflict',
  410: 'Gone',
};

/** One status for many: created beats updated beats unchanged. */
function common(results: readonly Result[]): Reply {
  const status = results.some((item) => item.status === 201)
    ? 201
    : results.some((item) => item.status === 200)
      ? 200
      : 204;
  return status === 204 ? { status } : json(status, { message: 'OK' });
}

/** The answer to a single user. */
export function answerOne(result: Result): Reply {
  if (result.status === 204) return { status: 204 };
  if (!refused(result)) return json(result.status, { id: result.userId, employeeId: result.employeeId });
  return json(result.status, {
    statusCode: result.status,
    error: WORDS[result.status],
    message: result.message,
    errors: result.faults,
  });
}

export function answerArray(results: readonly Result[], shape: AnswerShape, multiStatus: boolean): Reply {
  const bad = results.filter(refused);
  const status = multiStatus ? 207 : 200;
  const row = (item: Result): object => ({
    employeeId: item.employeeId,
    status: item.status,
    ...(refused(item) ? { message: item.message, errors: item.faults } : { id: item.userId }),
  });
  switch (shape) {
    case 'bare': {
      const [first] = bad;
      return first
        ? json(first.status, {
            statusCode: first.status,
            error: WORDS[first.status],
            message: 'One or more users could not be processed',
          })
        : common(results);
    }
    case 'named': {
      const [first] = bad;
      if (!first) return common(results);
      return json(first.status, {
        statusCode: first.status,
        message: 'Some users could not be processed',
        errors: bad.map((item) => ({ employeeId: item.employeeId, status: item.status, message: item.message })),
      });
    }
    case 'list':
      return json(status, results.map(row));
    case 'results':
      return json(status, {
        results: results.map((item, index) => ({ index, ...row(item), success: !refused(item) })),
      });
    case 'multistatus':
      return json(207, {
        multistatus: results.map((item, sequenceId) => ({
          sequenceId,
          status: `${item.status} ${WORDS[item.status]}`,
          body: { employeeId: item.employeeId, ...(refused(item) ? { message: item.message } : {}) },
        })),
      });
    case 'split':
      return json(status, {
        created: results.filter((item) => item.status === 201).map((item) => item.employeeId),
        updated: results.filter((item) => item.status === 200).map((item) => item.employeeId),
        unchanged: results.filter((item) => item.status === 204).map((item) => item.employeeId),
        failed: bad.map(row),
      });
    case 'unrecognised':
      return json(status, { jobId: 'j-1', state: 'queued', accepted: results.length });
  }
}
