/**
 * An answer of Together → what it says about each person sent. Pure. Nothing published says how an array is answered, so
 * every shape that is taken for an answer is listed here, and any other is `unrecognised`: never a success.
 */

import { isObject } from '@ukg-together/kit/lines/json';
import type { Delivery, Outcome } from '../model/person.ts';
import { complains, isTrouble } from './answer-complaints.ts';
import { namedFields } from './answer-fields.ts';
import { alignResults, failuresIn, findList, type PersonStatus } from './answer-results.ts';
import { isLoneMove } from './body.ts';
import { isRefusal, refusalReason } from './status-policy.ts';

/** `again`: not settled by this answer, to be sent again (a transient fault of its own, or it stood beside a refused one). */
export type PersonAnswer =
  | Outcome
  | { readonly outcome: 'again'; readonly status: number; readonly transient: boolean };

export type Reading =
  /** One answer for each person, in the order sent. */
  | { readonly kind: 'each'; readonly people: readonly PersonAnswer[] }
  /** A person among them was refused, and no one is named. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** Not an answer that this page knows. `transient`: a second try may bring a better one (a proxy's page, a cut body). */
  | { readonly kind: 'unrecognised'; readonly code: string; readonly transient: boolean };

/** Reads the answer to `POST /public/user` with these people. `status` is one the policy calls success or refused. */
export function readAnswer(status: number, text: string, sent: readonly Delivery[]): Reading {
  const body = text.replace(/^\uFEFF/, '').trim();
  return isRefusal(status) ? readRefusal(status, body, sent) : readSuccess(status, body, sent);
}

function readSuccess(status: number, body: string, sent: readonly Delivery[]): Reading {
  if (body === '' || /^(ok|created|updated|success|no content)[.!]?$/i.test(body)) {
    // 207 promises a result for each user; without one it says nothing.
    return status === 207 ? unknown('NO_RESULTS') : all(status, sent);
  }
  const value = parse(body);
  if (value === undefined)
    return { kind: 'unrecognised', code: body.startsWith('<') ? 'HTML' : 'NOT_JSON', transient: true };
  const list = findList(value, sent);
  if (!list) {
    // Who failed is named, and nothing is said of the others: they are sent again without them.
    const failures = readFailures(400, value, sent);
    if (failures) return failures;
  } else {
    const statuses = alignResults(list, sent);
    if (statuses === 'unrecognised' || (statuses === 'echo' && status === 207)) return unknown('UNKNOWN_RESULTS');
    const allWell = statuses === 'echo' || statuses.every((one) => one !== undefined && one.status < 300);
    if (allWell && isObject(value) && complains(value)) {
      return readFailures(400, failuresIn(value), sent) ?? unknown('CONTRADICTION');
    }
    return statuses === 'echo' ? all(status, sent) : each(statuses, sent);
  }
  // The status of one user is documented, whatever stands beside it.
  const isDocumented = isLoneMove(sent) && isObject(value) && !complains(value);
  return status !== 207 && (isDocumented || isAcknowledgement(value)) ? all(status, sent) : unknown('UNKNOWN_SHAPE');
}

function readRefusal(status: number, body: string, sent: readonly Delivery[]): Reading {
  const value = parse(body);
  const named = readFailures(status, value, sent);
  if (named) return named;
  const reason = refusalReason(status, namedFields(value, sent));
  if (sent.length === 1) return { kind: 'each', people: [{ outcome: 'rejected', status, reason }] };
  return { kind: 'refused', status, reason };
}

/** An answer that names at least one refused person; undefined where it does not, or contradicts itself. */
function readFailures(status: number, value: unknown, sent: readonly Delivery[]): Reading | undefined {
  const list = value === undefined ? undefined : findList(value, sent, true);
  const statuses = list ? alignResults(list, sent, status) : 'unrecognised';
  if (typeof statuses === 'string' || !statuses.some((one) => one !== undefined && isRefusal(one.status)))
    return undefined;
  // One person alone: whatever the answer complains of, it is of this one.
  const parts = sent.length === 1 ? statuses.map((one) => one && { ...one, part: value }) : statuses;
  const reading = each(parts, sent, status);
  return reading.kind === 'each' ? reading : undefined;
}

/** `undefined`: the answer does not name this person, who therefore is not settled by it. */
function each(statuses: readonly (PersonStatus | undefined)[], sent: readonly Delivery[], whole?: number): Reading {
  const people: PersonAnswer[] = [];
  for (const [at, delivery] of sent.entries()) {
    const one = statuses[at];
    if (!one) {
      people.push({ outcome: 'again', status: whole ?? 207, transient: false });
    } else if (isRefusal(one.status)) {
      const reason = refusalReason(one.status, namedFields(one.part, [delivery]));
      people.push({ outcome: 'rejected', status: one.status, reason });
    } else if (one.status === 201) {
      people.push({ outcome: 'created', status: 201 });
    } else if (one.status === 204 || one.status === 304) {
      people.push({ outcome: 'unchanged', status: one.status });
    } else if (one.status === 200) {
      // A mere yes does not distinguish a new person from a known one; a stated 200 does.
      people.push({ outcome: one.stated === false && delivery.isNew ? 'created' : 'updated', status: 200 });
    } else if (one.status === 429 || (one.status >= 500 && one.status < 600)) {
      people.push({ outcome: 'again', status: one.status, transient: true });
    } else {
      return unknown(`UNKNOWN_STATUS_${one.status}`);
    }
  }
  return { kind: 'each', people };
}

/** One bare status for all: 204 says unchanged; otherwise people the ledger did not know are new. */
function all(status: number, sent: readonly Delivery[]): Reading {
  const alone = sent.length === 1 && status === 201;
  const ofNew: Outcome = { outcome: status === 204 ? 'unchanged' : 'created', status };
  const ofKnown: Outcome = alone || status === 204 ? ofNew : { outcome: 'updated', status };
  return { kind: 'each', people: sent.map(({ isNew }) => (isNew ? ofNew : ofKnown)) };
}

function unknown(code: string): Reading {
  return { kind: 'unrecognised', code, transient: false };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** `{}`, `{"success": true}` (with words beside it), `{"status": "ok"}`, `{"message": "success"}`, `{"status": 200, "errors": []}` and the like. */
function isAcknowledgement(value: unknown): boolean {
  if (typeof value === 'string') return /^(ok|success|created|updated)$/i.test(value.trim());
  if (!isObject(value)) return false;
  const sure = value['success'] === true;
  return Object.entries(value).every(([key, part]) => {
    // Beside a plain yes, words are only words, unless they speak of trouble.
    if (key === 'message' && sure && typeof part === 'string') return !isTrouble(part);
    switch (key) {
      case 'success':
      case 'ok':
        return part === true;
      case 'status':
      case 'message':
      case 'result':
        return (
          [200, 201, 204].includes(part as number) ||
          (typeof part === 'string' && /^(ok|success(ful)?|accepted|created|updated)[.!]?$/i.test(part.trim()))
        );
      case 'statusCode':
      case 'code':
        return [200, 201, 204].includes(part as number);
      case 'error':
      case 'errors':
        return part === null || part === false || (Array.isArray(part) && part.length === 0);
      default:
        return false;
    }
  });
}
