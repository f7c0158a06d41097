/** What a change of the settings does, for people: a sentence, and a table for a pull request. No ids, and values as everywhere. */

import type { Cause } from '../../model/run-summary.ts';
import { number, plural } from '../../model/text/number-text.ts';
import type { WhatIf } from '../../plan/against/what-if.ts';
import { describeGuard } from '../../plan/guards/text.ts';
import { redactCause } from '../redaction.ts';
import { actionLabels, sharedCauses } from '../text.ts';

const mostFields = 8;

export function againstText(found: WhatIf): string {
  const { change, data, both } = found.sent;
  const clauses = [fieldsText(found), ...letGoTexts(found)].filter(Boolean).join('; ');
  const noMore = found.sent_no_more.length;
  const sentences = [
    `By your change: ${plural(change, 'person', 'people')}${clauses ? ` (${clauses})` : ''}; by the data: ${number(data)}; by both: ${number(both)}.`,
    ...(noMore > 0 ? [`Sent now and by your change no more: ${number(noMore)}.`] : []),
    ...found.stopped_by.map((guard) => `A guard would stop it: ${describeGuard(guard)}.`),
  ];
  return `${sentences.join('\n')}\n`;
}

export function againstMarkdown(found: WhatIf): string {
  const { change, data, both } = found.sent;
  const actionsOf = (by: keyof WhatIf['sent']) =>
    Object.entries(found.actions[by])
      .map(([action, count]) => `${number(count)} ${actionLabels[action as keyof typeof actionLabels].word}`)
      .join(', ');
  const list = (title: string, items: readonly string[]) =>
    items.length > 0 ? [`**${title}**`, '', ...items.map((item) => `- ${escaped(item)}`), ''] : [];
  const noMore = found.sent_no_more.length;
  return [
    '### What this change of the settings does',
    '',
    `| why | people | |`,
    '|---|---:|---|',
    `| your change | ${number(change)} | ${actionsOf('change')} |`,
    `| the data | ${number(data)} | ${actionsOf('data')} |`,
    `| both | ${number(both)} | ${actionsOf('both')} |`,
    '',
    ...list('Fields', fieldTexts(found)),
    ...list('Left out', [
      ...letGoTexts(found),
      ...(noMore > 0 ? [`${number(noMore)} sent now and by your change no more`] : []),
    ]),
    ...list('Guards that would stop it', found.stopped_by.map(describeGuard)),
    `Plan ${found.plan_hash}; nothing was sent.`,
    '',
  ].join('\n');
}

const escaped = (text: string): string => text.replace(/[\\|<&*_`]/g, '\\$&').replace(/\s+/g, ' ');

const fieldsText = (found: WhatIf): string => fieldTexts(found).join(', ');

/** "departmentName 198, “Fin Ops” → “Finance”": the values where most who change share them. */
function fieldTexts({ changes_by_field, causes }: WhatIf): string[] {
  const fields = Object.entries(changes_by_field).sort((a, b) => b[1] - a[1]);
  const shared = sharedCauses(causes).map(redactCause);
  const texts = fields.slice(0, mostFields).map(([field, people]) => {
    const cause = shared.find((one) => one.field === field && one.people * 2 >= people);
    return `${field} ${number(people)}${cause ? valuesOf(cause) : ''}`;
  });
  return fields.length > mostFields ? [...texts, `${fields.length - mostFields} more fields`] : texts;
}

function valuesOf({ from, to }: Cause): string {
  if (from === null && to === null) return '';
  const shown = (value: string | null) => (value === null ? 'empty' : `“${value}”`);
  return from === null ? `, → ${shown(to)}` : `, ${shown(from)} → ${shown(to)}`;
}

function letGoTexts({ let_go: { by_filter, ended } }: WhatIf): string[] {
  return Object.entries(by_filter).map(
    ([filter, people]) =>
      `the filter ${filter} lets ${number(people)} go, who would ${ended ? 'be ended' : 'stay active'}`,
  );
}
