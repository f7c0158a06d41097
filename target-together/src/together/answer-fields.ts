/** Which Together fields an answer complains of. Its own words never pass: they may repeat a name or an address. */
import type { Delivery } from '../model/person.ts';

const required = ['employeeId', 'firstName', 'lastName', 'email', 'employeeStatusCode'];
const speaking =
  /^(message|messages|error|errors|detail|details|reason|description|title|msg|fields?|path|param|property|missing|key|name)$/i;
const mostNamed = 6;
const maxDepth = 8;

/**
 * Known field names (those sent, and the required ones) that stand as whole words in the speaking parts of `answer`.
 * Empty where it names none, or so many that it only repeats the user.
 */
export function namedFields(answer: unknown, sent: readonly Delivery[]): string[] {
  const heard: string[] = [];
  listen(answer, false, 0, heard);
  if (heard.length === 0) return [];
  const said = heard.join('\n');
  const named = [...knownFields(sent)].filter((field) => holdsWord(said, field));
  return named.length <= mostNamed ? named : [];
}

function listen(value: unknown, speaks: boolean, depth: number, heard: string[]): void {
  if (depth > maxDepth || heard.length > 1000) return;
  if (typeof value === 'string') {
    if (speaks) heard.push(value.slice(0, 1000));
  } else if (Array.isArray(value)) {
    for (const part of value.slice(0, 100)) listen(part, speaks, depth + 1, heard);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value).slice(0, 100)) {
      if (speaks) heard.push(key);
      listen(part, speaks || speaking.test(key), depth + 1, heard);
    }
  }
}

function knownFields(sent: readonly Delivery[]): Set<string> {
  const fields = new Set(required);
  const first = sent[0];
  if (first) for (const field of Object.keys(JSON.parse(first.body.toString('utf8')) as object)) fields.add(field);
  return fields;
}

function holdsWord(said: string, field: string): boolean {
  for (let at = said.indexOf(field); at >= 0; at = said.indexOf(field, at + 1)) {
    const before = said[at - 1] ?? ' ';
    const after = said[at + field.length] ?? ' ';
    if (!/[\w@]/.test(before) && !/[\w@]/.test(after)) return true;
  }
  return false;
}
