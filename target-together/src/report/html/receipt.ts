import { type FieldClass, fieldClass } from '../../model/fields/field-privacy.ts';
import type { RequestPoint } from '../../model/run-summary.ts';
import { number, people, plural } from '../../model/text/number-text.ts';
import type { ReportData } from '../model.ts';
import { driftLines, verifyLines } from '../terminal/verification-lines.ts';
import { bytes, duration, moment, short } from '../text.ts';
import { html, type Markup, nothing, section } from './markup.ts';

const classWords: Record<FieldClass, string> = {
  id: 'identifier',
  name: 'name',
  organisational: 'about the organization',
  personal: 'personal',
  sensitive: 'sensitive',
};

/** What Together's own list said after the delivery, where the run asked. */
export const heldSection = ({ summary: { verify } }: ReportData): Markup =>
  verify
    ? section(
        'held',
        'What Together holds',
        "Together's own list after the run, beside what it accepted: ids and fields, no values.",
        html`<pre class="scroll">${[...verifyLines(verify), '', ...driftLines(verify)].join('\n')}</pre>`,
      )
    : nothing;

/** Which fields of how many people left, and where to. */
export function privacySection({ summary }: ReportData): Markup {
  const { privacy, destination } = summary;
  const where = html`<code>${destination.host}</code>${destination.region === null ? ', set by api_url' : `, region ${destination.region.toUpperCase()}`}`;
  if (privacy.people === 0 || privacy.fields.length === 0)
    return section(
      'privacy',
      'Privacy receipt',
      html`No field of a person ${summary.mode === 'run' || summary.mode === 'apply' ? 'left' : 'would leave'} for ${where}.`,
      nothing,
    );
  const fields = [...privacy.fields].sort(
    (a, b) => Number(b.sensitive) - Number(a.sensitive) || b.people - a.people || a.field.localeCompare(b.field),
  );
  const verb = privacy.sent ? 'went' : 'would go';
  return section(
    'privacy',
    'Privacy receipt',
    html`${plural(fields.length, 'field')} of ${people(privacy.people)} ${verb} to ${where}. They ${verb} nowhere else.`,
    html`<div class="scroll"><table><thead><tr><th scope="col">Field</th><th scope="col" class="r">People</th><th scope="col">Share</th><th scope="col">Kind</th></tr></thead><tbody>
${fields.map(
  (
    field,
  ) => html`<tr><th scope="row">${field.field}</th><td class="r">${number(field.people)}</td><td><svg viewBox="0 0 120 8" width="120" height="8" aria-hidden="true"><rect class="bar-bg" width="120" height="8"/><rect class="bar" width="${((120 * field.people) / privacy.people).toFixed(1)}" height="8"/></svg></td><td>${field.sensitive ? html`<span class="tag">sensitive, allowed by sensitive_fields</span>` : classWords[fieldClass(field.field)]}</td></tr>
`,
)}</tbody></table></div>`,
  );
}

const width = 960;
const height = 120;
const foot = 26;
/** One request of a quiet night should not fill the picture. */
const shortest = 5000;

/** Round steps of time, so that an axis has at most eight marks. */
function tickStep(end: number): number {
  const second = 1000;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800].map((s) => s * second);
  return steps.find((step) => end / step <= 8) ?? Math.ceil(end / 8 / 86_400_000) * 86_400_000;
}

/** Requests over time: a bar for each, as high as the people in it; beyond 320 bars, neighbours share one. */
function timeline(points: readonly RequestPoint[]): Markup {
  const end = points.reduce((latest, p) => Math.max(latest, p.atMs + p.tookMs), shortest);
  const isAccepted = (p: RequestPoint) => p.status !== undefined && p.status >= 200 && p.status < 300;
  const slots = 320;
  const bars =
    points.length <= slots ? points.map((p) => [p]) : Array.from({ length: slots }, () => [] as RequestPoint[]);
  if (points.length > slots)
    for (const p of points) bars[Math.min(slots - 1, Math.floor((p.atMs / end) * slots))]?.push(p);
  const load = (list: readonly RequestPoint[]) => list.reduce((sum, p) => sum + p.people, 0);
  const most = bars.reduce((max, list) => Math.max(max, load(list)), 1);
  const shapes = bars
    .filter((list) => list.length > 0)
    .map((list) => {
      const from = Math.min(...list.map((p) => p.atMs));
      const to = Math.max(...list.map((p) => p.atMs + p.tookMs));
      const bad = list.filter((p) => !isAccepted(p));
      const x = (from / end) * width;
      const w = Math.max(2, ((to - from) / end) * width);
      const h = Math.max(3, (load(list) / most) * (height - 16));
      const text =
        list.length === 1
          ? `${list[0]?.status ?? 'no answer'}, ${people(load(list))}, ${duration(to - from)}`
          : `${plural(list.length, 'request')}, ${people(load(list))}`;
      const title = bad.length > 0 && list.length > 1 ? `${text}, ${number(bad.length)} not accepted` : text;
      return html`<g><title>${`${duration(from)} after the start: ${title}`}</title><rect class="${bad.length > 0 ? 'bad' : 'ok'}" x="${x.toFixed(1)}" y="${(height - h).toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"/>${
        bad.length > 0 &&
        html`<text x="${(x + w / 2).toFixed(1)}" y="${(height - h - 5).toFixed(1)}" text-anchor="middle">×</text>`
      }</g>
`;
    });
  const step = tickStep(end);
  const marks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => {
    const x = (((i * step) / end) * width).toFixed(1);
    const anchor = i === 0 ? 'start' : end - i * step < step / 4 ? 'end' : 'middle';
    return html`<line x1="${x}" x2="${x}" y1="${height}" y2="${height + 5}"/><text class="num" x="${x}" y="${height + 20}" text-anchor="${anchor}">${i === 0 ? '0' : duration(i * step)}</text>`;
  });
  return html`<svg class="time" viewBox="0 0 ${width} ${height + foot}" width="${width}" role="img" aria-label="${plural(points.length, 'request')} over ${duration(end)}">
<line x1="0" x2="${width}" y1="${height}" y2="${height}"/>${marks}
${shapes}</svg>`;
}

export function requestSection({ summary, requests }: ReportData): Markup {
  const r = summary.requests;
  if (r.count === 0) return section('requests', 'Requests', 'No request was made to Together.', nothing);
  const facts: [string, string][] = [
    ['Requests', number(r.count)],
    ['Retries', number(r.retries)],
    ['Sent', bytes(r.bytes_sent)],
    ['Shortest wait between two', r.min_gap_ms === null ? 'only one' : duration(r.min_gap_ms)],
    ['Waited in all', duration(r.waited_ms)],
    ...Object.entries(r.by_status).map(([status, count]): [string, string] => [
      status === 'none' ? 'No answer' : `Answer ${status}`,
      number(count),
    ]),
  ];
  return section(
    'requests',
    'Requests',
    `One at a time, each at least ${duration(r.interval_ms)} after the answer to the one before.`,
    [
      html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
      requests.length > 0
        ? html`<figure><div class="scroll">${timeline(requests)}</div><figcaption>Each bar a request, as high as the people in it. × marks attempts that were not accepted.</figcaption></figure>`
        : nothing,
    ],
  );
}

export function factSection({ summary, level }: ReportData): Markup {
  const { hashes, tool, source, baseline, files } = summary;
  const facts: [string, Markup | string][] = [
    ['Run', html`<code>${summary.run_id}</code>`],
    ['Mode', summary.mode],
    ['Began', moment(summary.started_at)],
    ['Ended', moment(summary.finished_at)],
    ['Exit code', String(summary.exit_code)],
    ['Tool', `${tool.name} ${tool.version}, Node ${tool.node}`],
    ['Settings', html`<code>${short(hashes.settings)}</code>`],
    ['Mapping', html`<code>${short(hashes.mapping)}</code>`],
    ...(hashes.plan === null ? [] : [['Plan', html`<code>${hashes.plan}</code>`] as [string, Markup]]),
    ...(hashes.package === null ? [] : [['Package', html`<code>${short(hashes.package)}</code>`] as [string, Markup]]),
    ...(summary.accepted === null
      ? []
      : [['Released plan', html`<code>${summary.accepted}</code>`] as [string, Markup]]),
    ['Read', `${source.complete ? 'complete' : 'partial'}${source.why === null ? '' : `: ${source.why}`}`],
    ...source.streams.map((s): [string, string] => [
      `Stream ${s.stream}`,
      `${plural(s.records, 'record')}${s.mapped ? (s.preset === null ? '' : `, preset ${s.preset}`) : ', ignored: no mapping takes it'}`,
    ]),
    [
      'Compared with',
      baseline === null
        ? (summary.baseline_note ?? 'nothing')
        : `${baseline.run_id}, ${moment(baseline.finished_at)}, ${people(baseline.people_read)}`,
    ],
    ['Organization', summary.destination.organization_id],
    ['Level', level],
    ...(files.rejects === null
      ? []
      : [['Not accepted, kept in', html`<code>${files.rejects}</code>`] as [string, Markup]]),
    ...(files.audit === null ? [] : [['Audit log', html`<code>${files.audit}</code>`] as [string, Markup]]),
  ];
  return section(
    'facts',
    'Run facts',
    'To find this run again in logs and in the audit log.',
    html`<dl class="facts wide">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  );
}
