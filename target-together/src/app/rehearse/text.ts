/** A rehearsal for people, and as JUnit for CI. */
import { visible } from '@ukg-together/kit/text/visible';
import type { Mismatch } from './compare.ts';
import type { Rehearsed } from './play.ts';
import type { Rehearsal } from './rehearse.ts';

const shown = 5;
const mismatchesOf = ({ days }: Rehearsed): { day: string; mismatch: Mismatch }[] =>
  days.flatMap(({ day, mismatches }) => mismatches.map((each) => ({ day, mismatch: each })));

const mismatchLine = ({
  day,
  mismatch: { id, field, expected, held, why },
}: ReturnType<typeof mismatchesOf>[number]): string =>
  `${day}  ${id}${id && ' '}${field ? `${field}: ` : ''}expected ${expected}, found ${held}${why ? ` (${why})` : ''}`;

export function rehearsalText({ preset, stream, passed, events, mismatches }: Rehearsal): string {
  const lines = [
    `Records as the preset ${preset} reads them (generated), stream ${stream}; Together is the sandbox.`,
    `With its own rules the preset passed on ${passed.on} (version ${passed.version}).`,
    '',
  ];
  for (const event of events) {
    const found = mismatchesOf(event);
    lines.push(`${found.length > 0 ? 'ODD' : 'ok '} ${event.name.padEnd(18)} ${event.title}`);
    for (const { day, happened, held } of event.days) {
      for (const detail of happened) lines.push(`      ${day}  ${detail}`);
      for (const [id, user] of Object.entries(held)) lines.push(`      ${day}  Together: ${id} ${heldText(user)}`);
    }
    for (const each of found.slice(0, shown)) lines.push(`    > ${mismatchLine(each)}`);
    if (found.length > shown) lines.push(`    > and ${found.length - shown} more`);
  }
  const verdict = mismatches === 0 ? 'no mismatch' : `${mismatches} with a mismatch`;
  return `${[...lines, '', `${events.length} events, ${verdict}.`].join('\n')}\n`;
}

function heldText(user: Readonly<Record<string, unknown>> | null): string {
  if (user === null) return 'is not there';
  const { employeeStatusCode: status, email, dateOfTermination: end } = user;
  return `has status ${String(status)}, ${String(email)}${typeof end === 'string' ? `, end ${end.slice(0, 10)}` : ''}`;
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => visible(text).replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);

export function rehearsalJUnit({ preset, events, mismatches }: Rehearsal): string {
  const cases = events.map((event) => {
    const found = mismatchesOf(event);
    const head = `  <testcase classname="rehearse.${preset}" name="${escaped(`${event.name}: ${event.title}`)}" time="${event.milliseconds / 1000}"`;
    if (found.length === 0) return `${head}/>`;
    const text = escaped(found.map(mismatchLine).join('\n'));
    return `${head}>\n    <failure message="${found.length} mismatches">${text}</failure>\n  </testcase>`;
  });
  const head = `<testsuite name="target-together rehearse" tests="${events.length}" failures="${mismatches}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${[head, ...cases].join('\n')}\n</testsuite>\n`;
}
