/**
 * A plan on disk: JSON that people and programs can read, with one person on each line, and each person's body encrypted
 * inside it, so that `apply` sends byte for byte what was planned and the file shows no more than its redaction level. What is
 * readable is bound to what is encrypted: a changed line, a missing one or a changed head is noticed.
 */

import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { readLines } from '@ukg-together/kit/lines/read-lines';
import { counted } from '@ukg-together/kit/text/show';
import { cannot } from '../../files/check-writable.ts';
import type { Action } from '../../model/outcome.ts';
import type { Fault, TogetherUser } from '../../model/person.ts';
import type { PersonLabel } from '../../model/text/display-name.ts';
import { Part, planCipher } from './encryption.ts';
import { PlanHead, PlanPerson } from './format.ts';

/** A person to be written: `json` is encrypted, the rest is shown. */
export interface PlannedPerson extends Omit<PlanPerson, 'body' | 'record'> {
  readonly json: string;
  readonly raw?: string | undefined;
}

/** A person who was read and is not sent: what the summary, the rejects and the next run must know of them. */
export interface UnsentPerson {
  /** Absent where the record had none. */
  readonly id?: string | undefined;
  readonly label?: PersonLabel | undefined;
  readonly action: Action;
  /** What of the body the checks and the org chart need. */
  readonly user?: Partial<TogetherUser>;
  /** Of a person who could be mapped, and conflicts with others of the set. */
  readonly conflict?: readonly Fault[] | undefined;
  readonly faults?: readonly Fault[] | undefined;
  readonly filter?: string | undefined;
  /** The record as it came, of people who stay among the rejects. */
  readonly raw?: string | undefined;
}

export const shownOf = ({
  id,
  action,
  new: isNew,
  from,
  number,
  name,
  changes,
  clears,
  patch,
}: Omit<PlanPerson, 'body' | 'record'>) =>
  JSON.stringify({
    id,
    action,
    new: isNew,
    ...(from === undefined ? {} : { from }),
    ...(number === undefined ? {} : { number }),
    ...(name === undefined ? {} : { name }),
    ...(changes ? { changes } : {}),
    ...(clears ? { clears } : {}),
    ...(patch ? { patch } : {}),
  });

/** What a plan holds. `people` and `unsent` are read once, `people` in the order in which they will be sent. */
export interface PlanContent {
  /** Plain JSON. */
  readonly read: unknown;
  readonly people: Iterable<PlannedPerson>;
  readonly unsent: Iterable<UnsentPerson>;
}

export interface OpenPlan {
  readonly head: PlanHead;
  readonly read: unknown;
  /** Everybody to be sent, decrypted and checked; throws when the file was changed or cut. */
  people(): AsyncGenerator<PlannedPerson>;
  /** The others, once `people` has ended. */
  unsent(): AsyncGenerator<UnsentPerson>;
}

/**
 * Reads the head and proves it; the file is open until `unsent` ends, or something fails. Throws ConnectorError `settings` when the file is none of
 * ours, changed, or encrypted with none of the keys.
 */
export async function openPlan(path: string, secrets: readonly Uint8Array[]): Promise<OpenPlan> {
  const fault = (problem: string) =>
    new ConnectorError('settings', said`The plan ${path} ${problem}.`, { hint: 'Make a new plan: nothing was sent.' });
  const stream = createReadStream(path);
  await once(stream, 'open').catch((cause: NodeJS.ErrnoException) => {
    throw new ConnectorError('settings', said`The plan ${path} ${cannot(cause.code)}.`, {
      hint: 'It is the file that plan --out has written.',
      cause,
    });
  });
  try {
    return await provenPlan(linesOf(readLines(stream, { name: path, maxLineBytes: 1 << 28 })), secrets, (problem) => {
      stream.destroy();
      return fault(problem);
    });
  } catch (thrown) {
    stream.destroy();
    throw thrown;
  }
}

async function provenPlan(
  lines: AsyncGenerator<string>,
  secrets: readonly Uint8Array[],
  fault: (problem: string) => ConnectorError,
): Promise<OpenPlan> {
  const [first = '', second = '', third = ''] = [await lines.next(), await lines.next(), await lines.next()].map(
    (step) => (step.done ? '' : step.value),
  );
  const mac = /^"mac":"([0-9a-f]{64})",$/.exec(second)?.[1];
  if (!first.endsWith(',') || mac === undefined || third !== '"people":[')
    throw fault('was not written by this program, or was reformatted');
  const text = `${first.slice(0, -1)}}`;
  let head: PlanHead;
  try {
    head = PlanHead.parse(JSON.parse(text));
  } catch {
    throw fault('is of a form that this version does not know');
  }
  const cipher = secrets
    .map((secret) => planCipher(secret, head.salt, head.plan_hash))
    .find((each) => timingSafeEqual(each.mac(text), Buffer.from(mac, 'hex')));
  if (!cipher) throw fault('was changed, or was made with another ledger key or api_key');
  /** Leaving a loop over it leaves the lines after it to the next one. */
  async function* rest(): AsyncGenerator<string> {
    for (let step = await lines.next(); !step.done; step = await lines.next()) yield step.value;
  }
  return {
    head,
    read: JSON.parse(cipher.decrypt(Part.read, 0, '', head.read)) as unknown,
    async *people() {
      let line = 0;
      for await (const textLine of rest()) {
        if (textLine === '],') {
          if (line !== head.to_send) throw fault(`lacks ${counted(head.to_send - line, 'person', 'people')}`);
          return;
        }
        let person: PlannedPerson;
        try {
          const { body, record, ...shown } = PlanPerson.parse(JSON.parse(textLine.replace(/,$/, '')));
          const text = shownOf(shown);
          const raw = record === undefined ? undefined : cipher.decrypt(Part.record, line, text, record);
          person = { ...shown, json: cipher.decrypt(Part.body, line, text, body), raw };
        } catch {
          throw fault(`was changed at person ${line + 1}`);
        }
        line++;
        yield person;
      }
      throw fault('is cut off');
    },
    async *unsent() {
      let line = 0;
      for await (const textLine of rest()) {
        if (line === 0 && textLine === '"unsent":[') continue;
        let group: UnsentPerson[];
        try {
          group = JSON.parse(
            cipher.decrypt(Part.unsent, line, '', JSON.parse(textLine.replace(/,$/, ''))),
          ) as UnsentPerson[];
        } catch {
          throw fault('was changed among those who are not sent');
        }
        if (group.length === 0) {
          const end = await lines.next();
          await lines.return(undefined);
          if (end.value !== ']}') throw fault('is cut off');
          return;
        }
        line++;
        yield* group;
      }
      throw fault('is cut off');
    },
  };
}

async function* linesOf(groups: AsyncIterable<readonly { readonly text: string }[]>): AsyncGenerator<string> {
  for await (const group of groups) for (const { text } of group) yield text;
}
