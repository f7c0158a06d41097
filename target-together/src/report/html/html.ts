/** The report as one HTML file: no request leaves it, nothing in it runs but the one script whose hash its policy names. */
import { createHash } from 'node:crypto';
import { ConnectorError, errorText, said } from '@ukg-together/kit/error';
import { replaceFile } from '../../files/replace-file.ts';
import { number, people } from '../../model/text/number-text.ts';
import type { ReportData } from '../model.ts';
import { levelText } from '../redaction.ts';
import { moment, outcomeLabel, sharedCauses } from '../text.ts';
import { outcomeList, type Tone, verdictOf } from '../verdict.ts';
import { causeLines, causeSection } from './causes.ts';
import { guardSection } from './guards.ts';
import { html, type Markup, scriptJson } from './markup.ts';
import { orgSection } from './org.ts';
import { findBox } from './people/find-box.ts';
import { type PageData, peopleNav, peopleSections } from './people/people.ts';
import { upcomingNav, upcomingSection } from './people/upcoming.ts';
import { factSection, heldSection, privacySection, requestSection } from './receipt.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { worklistItems, worklistSection } from './worklist.ts';

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = [
  "default-src 'none'",
  `script-src ${sha256(script)}`,
  `style-src ${sha256(style)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const planOrder = ['leave', 'join', 'rehire', 'move', 'change', 'vanished', 'same'] as const;
const planWords: Record<(typeof planOrder)[number], string> = {
  leave: 'leave',
  join: 'join',
  rehire: 'come back',
  move: 'under new ids',
  change: 'change',
  vanished: 'vanished',
  same: 'stay the same',
};

const signs: Record<Tone, string> = { good: '✓', attention: '!', stop: '✗', failed: '✗' };

/** The page in pieces, in order. At most some ten thousand rows are held at once, however many people there are. */
export function* renderHtml(data: ReportData): Generator<string> {
  const { summary, level } = data;
  const verdict = verdictOf(summary);
  const page: PageData = {};
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
${html`<title>Together sync ${summary.run_id}: ${summary.mode}</title>`.markup}
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<div class="page">
`;
  yield header(data, verdict).markup;
  yield navigation(data).markup;
  yield `<main id="main">\n${findBox(data).markup}`;
  yield guardSection(data).markup;
  yield causeSection(data).markup;
  for (const part of peopleSections(data, page)) yield part.markup;
  yield upcomingSection(data, page).markup;
  yield orgSection(data).markup;
  yield worklistSection(data).markup;
  yield heldSection(data).markup;
  yield privacySection(data).markup;
  yield requestSection(data).markup;
  yield factSection(data).markup;
  yield `</main>
${html`<footer>${summary.tool.name} ${summary.tool.version}. This file asks the network for nothing. It shows ${levelText[level]}.</footer>`.markup}
</div>
<script type="application/json" id="data">{`;
  let first = true;
  for (const [key, rows] of Object.entries(page)) {
    yield `${first ? '' : ','}${scriptJson(key)}:${scriptJson(rows)}`;
    first = false;
  }
  yield `}</script>
<script>${script}</script>
</body>
</html>
`;
}

function header({ summary, level }: ReportData, verdict: ReturnType<typeof verdictOf>): Markup {
  const figures = (label: string, entries: [string, number][]) =>
    entries.length > 0 &&
    html`<dl class="figures" aria-label="${label}">${entries.map(
      ([name, count]) => html`<div><dt>${name}</dt><dd>${number(count)}</dd></div>`,
    )}</dl>`;
  const left = summary.joins_left;
  const plan = planOrder
    .filter((a) => summary.actions[a] > 0)
    .map((a): [string, number] => [
      a === 'join' && left > 0 ? `join, ${number(left)} of them left already` : planWords[a],
      summary.actions[a],
    ]);
  const outcomes = outcomeList(summary).map((o): [string, number] => [outcomeLabel(o.outcome, summary.mode), o.people]);
  return html`<header class="${verdict.tone}">
<p class="eyebrow"><span>Together sync, ${summary.mode}</span> <span><time datetime="${summary.finished_at}">${moment(summary.finished_at)}</time></span> <span>to ${summary.destination.host} (${summary.destination.organization_id})</span> <span>Shows ${levelText[level]}</span></p>
<h1><span class="sign" aria-hidden="true">${signs[verdict.tone]}</span>${verdict.sentence}</h1>
${verdict.next.length > 0 && html`<ul class="next">${verdict.next.map((step) => html`<li>${step.text}${step.command !== undefined && html` <span class="scroll"><code>${step.command}</code></span>`}</li>`)}</ul>`}
${figures('The plan', plan)}
${figures('How it ended', outcomes)}
<p class="sum">The first row is the plan, the second how it ended: each of the ${people(summary.people_read)} ${summary.mode === 'apply' ? 'of the plan' : 'read'} is counted there once.</p>
</header>
`;
}

function navigation(data: ReportData): Markup {
  const entries: [string, string, string][] = [
    ['guards', 'Guards', ''],
    ['causes', 'Causes', number(causeLines(sharedCauses(data.summary.causes)).length)],
    ...peopleNav(data),
    upcomingNav(data),
    ['org', 'Organization chart', ''],
    ['worklist', 'Worklist for HR', number(worklistItems(data).length)],
    ...(data.summary.verify ? [['held', 'What Together holds', ''] as [string, string, string]] : []),
    ['privacy', 'Privacy receipt', ''],
    ['requests', 'Requests', number(data.summary.requests.count)],
    ['facts', 'Run facts', ''],
  ];
  return html`<nav aria-label="Parts of the report"><ul>${entries.map(
    ([id, title, count]) => html`<li><a href="#${id}">${title}</a> <span class="n">${count}</span></li>`,
  )}</ul></nav>
`;
}

/** Writes the report 0600 and in one step: an older report stays whole until the new one is. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  try {
    await replaceFile(path, async (write) => {
      for (const piece of renderHtml(data)) await write(piece);
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new ConnectorError('unexpected', said`The report ${path} can't be written: ${errorText(error)}.`, {
      hint: 'Give --report a path in a folder that exists and can be written. What was sent and settled is not affected.',
      cause: error,
    });
  }
}
