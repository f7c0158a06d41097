/**
 * A plan on disk: JSON that people and programs can read, with one person on each line, and each person's body sealed inside
 * it (AES-256-GCM), so that `apply` sends byte for byte what was planned and the file shows no more than its redaction level.
 * What is readable is bound to what is sealed: a changed line, a missing one or a changed head is noticed.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ConnectorError } from '@ukg-together/protocol/error';
import { readLines } from '@ukg-together/protocol/jsonl';
import type { JsonSchema } from '@ukg-together/protocol/stream';
import * as z from 'zod';
import { replaceFile } from './replace-file.ts';
import { Cause, Guard, redactionLevels } from './report/model.ts';
import { actions } from './types.ts';

const PlanPerson = z.strictObject({
  id: z.string(),
  action: z.enum(actions),
  new: z.boolean().describe('Together has never accepted this person'),
  name: z.string().optional(),
  changes: z
    .array(z.strictObject({ field: z.string(), from: z.string().optional(), to: z.string().optional() }))
    .optional()
    .describe('Values only at the redaction level that allows them'),
  body: z.string().describe('What is sent, sealed: base64 of ciphertext and tag'),
});

const PlanHead = z.strictObject({
  format: z.literal('target-together plan'),
  version: z.literal(1),
  plan_hash: z.string(),
  run_id: z.string(),
  created_at: z.iso.datetime(),
  tool: z.strictObject({ name: z.string(), version: z.string(), node: z.string() }),
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
  states: z.string().describe('Checkpoints that are released once everybody is settled, sealed'),
});

const PlanFile = PlanHead.extend({
  mac: z.string().describe('HMAC-SHA-256 of everything above, hex'),
  people: z.array(PlanPerson).describe('In the order in which they are sent'),
});

export type PlanHead = z.infer<typeof PlanHead>;
export type PlanPerson = z.infer<typeof PlanPerson>;

export function planFileSchema(): JsonSchema {
  return z.toJSONSchema(PlanFile, { target: 'draft-2020-12' }) as JsonSchema;
}

/** A person to be written: `json` is sealed, the rest is shown. */
export interface PlannedPerson extends Omit<PlanPerson, 'body'> {
  readonly json: string;
}

const statesLine = -1;

/** Keys of one plan: `secret` never leaves the machine, `salt` makes each plan's keys its own. */
function seals(secret: Uint8Array, salt: string, planHash: string) {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, Buffer.from(salt, 'hex'), `target-together plan ${purpose}`, 32));
  const key = derive('bodies');
  const macKey = derive('head');
  // A nonce for each line: the key belongs to this plan alone, so that counting is safe.
  const nonce = (line: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeInt32BE(line, 8);
    return bytes;
  };
  const bound = (line: number, shown: string) => Buffer.from(`${planHash}\n${line}\n${shown}`);
  return {
    seal(line: number, shown: string, text: string): string {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(line)).setAAD(bound(line, shown));
      return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    unseal(line: number, shown: string, sealed: string): string {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(line)).setAAD(bound(line, shown));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
    mac: (head: string) => createHmac('sha256', macKey).update(head).digest(),
  };
}

const shownOf = ({ id, action, new: isNew, name, changes }: Omit<PlanPerson, 'body'>) =>
  JSON.stringify({ id, action, new: isNew, ...(name === undefined ? {} : { name }), ...(changes ? { changes } : {}) });

/** Writes the plan in one step, 0600. `people` are read once, in the order in which they will be sent. */
export async function writePlan(
  path: string,
  secret: Uint8Array,
  head: Omit<PlanHead, 'format' | 'version' | 'salt' | 'states'>,
  states: readonly unknown[],
  people: Iterable<PlannedPerson>,
): Promise<void> {
  const salt = randomBytes(16).toString('hex');
  const keys = seals(secret, salt, head.plan_hash);
  const whole: PlanHead = {
    format: 'target-together plan',
    version: 1,
    ...head,
    salt,
    states: keys.seal(statesLine, '', JSON.stringify(states)),
  };
  const text = JSON.stringify(whole);
  const failed = (cause: unknown) =>
    new ConnectorError(
      'unexpected',
      `The plan can't be written to ${path} (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    );
  try {
    await replaceFile(path, async (write) => {
      await write(`${text.slice(0, -1)},\n"mac":"${keys.mac(text).toString('hex')}",\n"people":[\n`);
      let line = 0;
      let batch = '';
      for (const { json, ...person } of people) {
        const shown = shownOf(person);
        const sealed = keys.seal(line, shown, json);
        batch += `${line === 0 ? '' : ',\n'}${shown.slice(0, -1)},"body":"${sealed}"}`;
        line++;
        if (batch.length > 1 << 20) {
          await write(batch);
          batch = '';
        }
      }
      await write(`${batch}\n]}\n`);
    });
  } catch (thrown) {
    throw thrown instanceof ConnectorError ? thrown : failed(thrown);
  }
}

export interface OpenPlan {
  readonly head: PlanHead;
  readonly states: readonly unknown[];
  /** Everybody, unsealed and checked; throws when the file was changed or cut. */
  people(): AsyncGenerator<PlannedPerson>;
}

/** Reads the head and proves it. Throws ConnectorError `settings` when the file is none of ours, changed, or sealed by another key. */
export async function openPlan(path: string, secret: Uint8Array): Promise<OpenPlan> {
  const fault = (what: string) =>
    new ConnectorError('settings', `The plan ${path} ${what}.`, { hint: 'Make a new plan: nothing was sent.' });
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ConnectorError('settings', `The plan ${path} can't be read (${cause.code}).`, { cause });
  });
  const lines = linesOf(readLines(file.createReadStream(), { name: path, maxLineBytes: 1 << 28 }));
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
  const keys = seals(secret, head.salt, head.plan_hash);
  if (!timingSafeEqual(keys.mac(text), Buffer.from(mac, 'hex'))) {
    throw fault('was changed, or was made with another ledger key or api_key');
  }
  return {
    head,
    states: JSON.parse(keys.unseal(statesLine, '', head.states)) as unknown[],
    async *people() {
      let line = 0;
      for await (const textLine of lines) {
        if (textLine === ']}') {
          if (line !== head.to_send) throw fault(`lacks ${head.to_send - line} people`);
          return;
        }
        let person: PlannedPerson;
        try {
          const { body, ...shown } = PlanPerson.parse(JSON.parse(textLine.replace(/,$/, '')));
          person = { ...shown, json: keys.unseal(line, shownOf(shown), body) };
        } catch {
          throw fault(`was changed at person ${line + 1}`);
        }
        line++;
        yield person;
      }
      throw fault('is cut off');
    },
  };
}

async function* linesOf(groups: AsyncIterable<readonly { readonly text: string }[]>): AsyncGenerator<string> {
  for await (const group of groups) for (const { text } of group) yield text;
}
