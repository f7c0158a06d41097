/** docs/performance.md and its chart, out of bench/results.json. */
import type { Results, Work } from '../bench/results.ts';

const number = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const micros = (cpu: number, people: number) => Math.round((cpu * 1e6) / people);

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function comparison({ works }: Results): string {
  const rows = works.flatMap(({ work, people, cpu, mb, others }) => [
    [`**${work}**, ours`, `${micros(cpu, people)} µs`, `${mb} MB`, ''],
    ...others.map((other) => [
      other.program,
      `${micros(other.cpu, people)} µs`,
      `${other.mb} MB`,
      `${other.ratio.toFixed(2)}${other.most === undefined ? '' : ` (at most ${other.most})`}`,
    ]),
  ]);
  return table(['program', 'CPU for a person', 'memory', 'ours / it'], rows);
}

const leftOut = ({ work, others }: Work) =>
  `- ${work}: ${others.map(({ program, leavesOut }) => `${program} without ${leavesOut}`).join('; ')}`;

function growthTable({ growth }: Results): string {
  const rows = growth.map(({ what, size, people, cpu, mb, most }) => [
    what,
    number(size),
    `${cpu.toFixed(1)} s`,
    `${micros(cpu, people)} µs`,
    `${mb} MB${most === undefined ? '' : ` (at most ${most})`}`,
  ]);
  return table(['what', 'size', 'CPU', 'for a person', 'memory'], rows);
}

export const performanceTable = (results: Results) => `${comparison(results)}\n\n${growthTable(results)}\n`;

const page = (results: Results) => `# Performance

Made by \`npm run bench\` on ${results.day} (${results.machine}, Node ${results.node}); change that program, not this page.

![CPU for a person: ours, singer-sdk, Airbyte's declarative source and a bare loop](performance.svg)

## Beside other ways

Whole processes that do the same work on a server that shares no code with any of them: ${number(results.people)} invented people
(${number(results.works.at(-1)?.people ?? 0)} where one web service is read), 94 and 77 fields as UKG documents them. \`employees\` is read in pages of 1,000 rows, and every program writes the same values of the same fields,
which is checked first; one web service is read in pages of 10,000. CPU is user and system time of all the processes, start-up included. The programs run in turn,
${results.rounds} times after one run that does not count; figures are medians, and so are the ratios of the pairs.

${comparison(results)}

*singer-sdk* is a tap and a target on the Meltano SDK as its template makes them; *tuned* reads and writes with msgspec, does not conform types,
validates no records and does not flush each record. *Bare loop* is the shortest Node program that reads, joins and writes. The programs are in
[bench/](../bench). What they leave out of what ours do:

${results.works.map(leftOut).join('\n')}

A first run waits for Together's limit, one request a second, far longer than for any of this: [sizing](scaling.md).

## How it grows

Twice as many people cost twice the CPU. Memory stays where it is for one web service; \`employees\` and the target keep an index of people, and
the rest on disk. The target has a ledger; *nothing new* is a complete read without changes, and together with \`employees\` it is a quiet night.

${growthTable(results)}
`;

const width = 760;
const left = 250;
const bar = 18;

/** Horizontal bars, one group for each kind of work; the colours follow the reader's light or dark mode. */
function chart({ works }: Results): string {
  let y = 16;
  const parts: string[] = [];
  for (const { work, people, cpu, others } of works) {
    const bars = [{ program: 'ours', cpu }, ...others];
    const most = Math.max(...bars.map((one) => one.cpu));
    y += 14;
    parts.push(`<text class="head" x="8" y="${y}">${work}, µs of CPU for a person</text>`);
    y += 10;
    for (const one of bars) {
      const length = Math.max(1, Math.round((one.cpu / most) * (width - left - 70)));
      const isOurs = one.program === 'ours';
      parts.push(
        `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${one.program}</text>`,
        `<rect class="${isOurs ? 'ours' : 'other'}" x="${left}" y="${y}" width="${length}" height="${bar - 4}" rx="2"/>`,
        `<text x="${left + length + 6}" y="${y + 13}">${micros(one.cpu, people)}</text>`,
      );
      y += bar;
    }
    y += 12;
  }
  const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600}.ours{fill:#0969da}.other{fill:#8c959f}.back{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4493f8}.other{fill:#656c76}.back{fill:#0d1117}}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="µs of CPU for a person"><title>µs of CPU for a person</title><style>${style}</style><rect class="back" width="100%" height="100%" rx="6"/>${parts.join('')}</svg>\n`;
}

export const performancePage = (results: Results): Record<string, string> => ({
  'docs/performance.md': page(results),
  'docs/performance.svg': chart(results),
});
