import { number } from '../../../model/text/number-text.ts';
import type { ReportData } from '../../model.ts';
import { redactRow } from '../../redaction.ts';
import { upcomingCounts, upcomingText } from '../../upcoming-text.ts';
import { html, type Markup, nothing, section } from '../markup.ts';
import type { PageData } from './people.ts';
import { peopleTable } from './people-table.ts';

/** Who starts, leaves or comes back on a day that lies ahead. Fills `page` with the rows for the script. */
export function upcomingSection({ summary, level, who }: ReportData, page: PageData): Markup {
  const { days, withdrawn, ...counts } = summary.upcoming;
  const title = 'Coming days';
  const said = upcomingCounts(summary.upcoming);
  if (said === undefined && withdrawn.length === 0)
    return section('upcoming', title, 'No first and no last day lies ahead, as far as runs have read.', nothing);
  const people = days.map((day) => redactRow({ ...day, ...who(day.id) }, level));
  const numbered = people.some((row) => row.number !== undefined);
  const named = people.some((row) => row.name !== undefined);
  const rows = people.map((row, i) => [
    row.id,
    ...(numbered ? [row.number ?? ''] : []),
    ...(named ? [row.name ?? ''] : []),
    upcomingText(days[i] as (typeof days)[number], summary.started_at),
  ]);
  page['upcoming'] = { rows };
  const back = withdrawn.length === 0 ? nothing : withdrawnList(withdrawn);
  return section(
    'upcoming',
    title,
    `${said ?? 'No day lies ahead'}. Nothing of this is sent before its day. The whole list: target-together calendar.`,
    [
      rows.length === 0
        ? nothing
        : peopleTable({
            key: 'upcoming',
            action: 'upcoming',
            caption: title,
            columns: ['Id', ...(numbered ? ['Number'] : []), ...(named ? ['Name'] : []), 'What'],
            rows,
            total: counts.starts + counts.leaves + counts.returns,
            first: 25,
          }),
      back,
    ],
  );
}

const withdrawnList = (ids: readonly string[]): Markup =>
  html`<h3>Were to leave, and are not any more: ${number(ids.length)}</h3><ul class="chips">${ids.map((id) => html`<li class="id">${id}</li>`)}</ul>`;

export const upcomingNav = ({ summary: { upcoming } }: ReportData): [string, string, string] => [
  'upcoming',
  'Coming days',
  number(upcoming.starts + upcoming.leaves + upcoming.returns),
];
