import { randomBytes } from 'node:crypto';
import { ConnectorError, errorText, said } from '@ukg-together/kit/error';
import { replaceFile } from '../../files/replace-file.ts';
import { Part, planCipher } from './encryption.ts';
import type { PlanHead } from './format.ts';
import { type PlanContent, shownOf, type UnsentPerson } from './read-plan.ts';

/** People encrypted together. */
const unsentGroup = 1000;

/** Writes the plan in one step, 0600. */
export async function writePlan(
  path: string,
  secret: Uint8Array,
  head: Omit<PlanHead, 'format' | 'version' | 'salt' | 'read'>,
  { read, people, unsent }: PlanContent,
): Promise<void> {
  const salt = randomBytes(16).toString('hex');
  const cipher = planCipher(secret, salt, head.plan_hash);
  const whole: PlanHead = {
    format: 'target-together plan',
    version: 1,
    ...head,
    salt,
    read: cipher.encrypt(Part.read, 0, '', JSON.stringify(read)),
  };
  const text = JSON.stringify(whole);
  const failed = (cause: unknown) =>
    new ConnectorError('unexpected', said`The plan can't be written to ${path}: ${errorText(cause)}.`, {
      cause,
    });
  try {
    await replaceFile(path, async (write) => {
      await write(`${text.slice(0, -1)},\n"mac":"${cipher.mac(text).toString('hex')}",\n"people":[\n`);
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
        const body = cipher.encrypt(Part.body, line, shown, json);
        const record = raw === undefined ? '' : `,"record":"${cipher.encrypt(Part.record, line, shown, raw)}"`;
        await add(`${line === 0 ? '' : ',\n'}${shown.slice(0, -1)},"body":"${body}"${record}}`);
        line++;
      }
      await add('\n],\n"unsent":[\n');
      line = 0;
      for (const group of grouped(unsent)) {
        await add(`${line === 0 ? '' : ',\n'}"${cipher.encrypt(Part.unsent, line, '', JSON.stringify(group))}"`);
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
