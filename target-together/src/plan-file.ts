/**
 * A plan on disk: JSON that people and programs can read, with one person on each line, and each person's body sealed inside
 * it (AES-256-GCM), so that `apply` sends byte for byte what was planned and the file shows no more than its redaction level.
 * What is readable is bound to what is sealed: a changed line, a missing one or a changed head is noticed.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ConnectorError } from '@ukg-together/protocol/error';
import { readLines } from '@ukg-together/protocol/jsonl';
import { counted } from '@ukg-together/protocol/show';
import type { JsonSchema } from '@ukg-together/protocol/stream';
import * as z from 'zod';
import { cannot } from './reading.ts';
import { replaceFile } from './replace-file.ts';
import { Cause, Guard, redactionLevels } from './report/model.ts';
import { type Action, actions, type Fault, type TogetherUser } from './types.ts';

const PlanPerson = z.strictObject({
  id: z.string(),
  action: z.enum(actions),
  new: z.boolean().describe('Together has never accepted this person'),
  name: z.string().optional(),
  changes: z
    .array(z.strictObject({ field: z.string(), from: z.string().optional(), to: z.string().optional() }))
    .optional()
    .describe('Values only at the redaction level that allows them'),
  patch: z.literal(true).optional().describe('Was not read: a part of the body is all that is sent'),
  body: z.string().describe('What is sent, sealed: base64 of ciphertext and tag'),
  record: z.string().optional().describe('The record as it came, sealed: what the rejects keep of who is refused'),
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
  read: z
    .string()
    .describe(
      'What the read leaves to the runs after it, sealed: checkpoints, released once everybody is settled, and counts',
    ),
});

const PlanFile = PlanHead.extend({
  mac: z.string().describe('HMAC-SHA-256 of everything above, hex'),
  people: z.array(PlanPerson).describe('In the order in which they are sent'),
  unsent: z.array(z.string()).describe('Who was read and is not sent, sealed in groups'),
});

export type PlanHead = z.infer<typeof PlanHead>;
export type PlanPerson = z.infer<typeof PlanPerson>;

export function planFileSchema(): JsonSchema {
  return z.toJSONSchema(PlanFile, { target: 'draft-2020-12' }) as JsonSchema;
}

/** A person to be written: `json` is sealed, the rest is shown. */
export interface PlannedPerson extends Omit<PlanPerson, 'body' | 'record'> {
  readonly json: string;
  readonly raw?: string | undefined;
}

/** Somebody who was read and is not sent: what the summary, the rejects and the next run must know of them. */
export interface UnsentPerson {
  /** Absent where the record had none. */
  readonly id?: string | undefined;
  readonly action: Action;
  /** What of the body the checks and the org chart need. */
  readonly user?: Partial<TogetherUser>;
  /** Of a person who could be mapped, but must not be sent beside the others. */
  readonly conflict?: readonly Fault[] | undefined;
  readonly faults?: readonly Fault[] | undefined;
  readonly filter?: string | undefined;
  /** The record as it came, of who stays among the rejects. */
  readonly raw?: string | undefined;
}

/** What is sealed on a line: no two may have the same nonce. */
const Part = { read: 0, body: 1, record: 2, unsent: 3 } as const;
type Part = (typeof Part)[keyof typeof Part];

/** People sealed together. */
const unsentGroup = 1000;

/** Keys of one plan: `secret` never leaves the machine, `salt` makes each plan's keys its own. */
function seals(secret: Uint8Array, salt: string, planHash: string) {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', secret, Buffer.from(salt, 'hex'), `target-together plan ${purpose}`, 32));
  const key = derive('bodies');
  const macKey = derive('head');
  // A nonce for each line: the key belongs to this plan alone, so that counting is safe.
  const nonce = (part: Part, line: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeInt32BE(part, 4);
    bytes.writeInt32BE(line, 8);
    return bytes;
  };
  const bound = (line: number, shown: string) => Buffer.from(`${planHash}\n${line}\n${shown}`);
  return {
    seal(part: Part, line: number, shown: string, text: string): string {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(part, line)).setAAD(bound(line, shown));
      return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    unseal(part: Part, line: number, shown: string, sealed: string): string {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(part, line)).setAAD(bound(line, shown));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
    mac: (head: string) => createHmac('sha256', macKey).update(head).digest(),
  };
}

const shownOf = ({ id, action, new: isNew, name, changes, patch }: Omit<PlanPerson, 'body' | 'record'>) =>
  JSON.stringify({
    id,
    action,
    new: isNew,
    ...(name === undefined ? {} : { name }),
    ...(changes ? { changes } : {}),
    ...(patch ? { patch } : {}),
  });

/** What a plan holds. `people` and `unsent` are read once, `people` in the order in which they will be sent. */
export interface PlanContent {
  /** Plain JSON. */
  readonly read: unknown;
  readonly people: Iterable<PlannedPerson>;
  readonly unsent: Iterable<UnsentPerson>;
}

/** Writes the plan in one step, 0600. */
export async function writePlan(
  path: string,
  secret: Uint8Array,
  head: Omit<PlanHead, 'format' | 'version' | 'salt' | 'read'>,
  { read, people, unsent }: PlanContent,
): Promise<void> {
  const salt = randomBytes(16).toString('hex');
  const keys = seals(secret, salt, head.plan_hash);
  const whole: PlanHead = {
    format: 'target-together plan',
    version: 1,
    ...head,
    salt,
    read: keys.seal(Part.read, 0, '', JSON.stringify(read)),
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
      const add = async (text: string) => {
        batch += text;
        if (batch.length < 1 << 20) return;
        await write(batch);
        batch = '';
      };
      for (const { json, raw, ...person } of people) {
        const shown = shownOf(person);
        const body = keys.seal(Part.body, line, shown, json);
        const record = raw === undefined ? '' : `,"record":"${keys.seal(Part.record, line, shown, raw)}"`;
        await add(`${line === 0 ? '' : ',\n'}${shown.slice(0, -1)},"body":"${body}"${record}}`);
        line++;
      }
      await add('\n],\n"unsent":[\n');
      line = 0;
      for (const group of grouped(unsent)) {
        await add(`${line === 0 ? '' : ',\n'}"${keys.seal(Part.unsent, line, '', JSON.stringify(group))}"`);
        line++;
      }
      await write(`${batch}\n]}\n`);
    });
  } catch (thrown) {
    throw thrown instanceof ConnectorError ? thrown : failed(thrown);
  }
}

/** Groups of people; an empty one ends them, so that a missing group is noticed. */
function* grouped(people: Iterable<UnsentPerson>): Generator<UnsentPerson[]> {
  let group: UnsentPerson[] = [];
  for (const person of people) {
    group.push(person);
    if (group.length < unsentGroup) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
  yield [];
}

export interface OpenPlan {
  readonly head: PlanHead;
  readonly read: unknown;
  /** Everybody to be sent, unsealed and checked; throws when the file was changed or cut. */
  people(): AsyncGenerator<PlannedPerson>;
  /** The others, once `people` has ended. */
  unsent(): AsyncGenerator<UnsentPerson>;
}

/**
 * Reads the head and proves it; the file is open until `unsent` ends, or something fails. Throws ConnectorError `settings` when the file is none of
 * ours, changed, or sealed by another key.
 */
export async function openPlan(path: string, secret: Uint8Array): Promise<OpenPlan> {
  const fault = (what: string) =>
    new ConnectorError('settings', `The plan ${path} ${what}.`, { hint: 'Make a new plan: nothing was sent.' });
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ConnectorError('settings', `The plan ${path} ${cannot(cause.code)}.`, {
      hint: 'It is the file that plan --out has written.',
      cause,
    });
  });
  const stream = file.createReadStream();
  try {
    return await provenPlan(linesOf(readLines(stream, { name: path, maxLineBytes: 1 << 28 })), secret, (what) => {
      stream.destroy();
      return fault(what);
    });
  } catch (thrown) {
    stream.destroy();
    throw thrown;
  }
}

async function provenPlan(
  lines: AsyncGenerator<string>,
  secret: Uint8Array,
  fault: (what: string) => ConnectorError,
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
  const keys = seals(secret, head.salt, head.plan_hash);
  if (!timingSafeEqual(keys.mac(text), Buffer.from(mac, 'hex'))) {
    throw fault(
      'was changed, or was made with another ledger key or api_key, or before the first run, which has come since',
    );
  }
  /** Leaving a loop over it leaves the lines after it to the next one. */
  async function* rest(): AsyncGenerator<string> {
    for (let step = await lines.next(); !step.done; step = await lines.next()) yield step.value;
  }
  return {
    head,
    read: JSON.parse(keys.unseal(Part.read, 0, '', head.read)) as unknown,
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
          const raw = record === undefined ? undefined : keys.unseal(Part.record, line, text, record);
          person = { ...shown, json: keys.unseal(Part.body, line, text, body), raw };
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
            keys.unseal(Part.unsent, line, '', JSON.parse(textLine.replace(/,$/, ''))),
          ) as UnsentPerson[];
        } catch {
          throw fault('was changed among those who are not sent');
        }
        if (group.length === 0) return void (await lines.return(undefined));
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
