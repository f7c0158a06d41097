/** `target-together worklist`: what HR has to correct, person by person, from the records that are kept until they are accepted. */
import { ExitCode } from '@ukg-together/kit/error';
import { decodeSinger } from '@ukg-together/protocol/singer/decode';
import { executeRun } from '../../../app/execute-run.ts';
import { openStore } from '../../../app/open-state.ts';
import type { Session } from '../../../app/session.ts';
import { sharedCodes } from '../../../collect/unmapped-codes.ts';
import { csvText } from '../../../files/csv.ts';
import type { ProblemFault } from '../../../model/run-summary.ts';
import { numberOf } from '../../../model/text/display-name.ts';
import { fewest, kindOfValue } from '../../../model/text/shown-value.ts';
import { Kind } from '../../../people/person.ts';
import { faultText } from '../../../report/fault-text.ts';
import { days } from '../../../report/text.ts';
import type { Ended } from '../../../run/end-step.ts';
import { problemFault } from '../../../run/summary/problems.ts';
import { listRejects, rejectLines } from '../../../state/rejects/rejects.ts';
import { needState, withSession } from '../command.ts';

const columns = ['owner', 'age_days', 'problem', 'fix', 'id', 'employee_number'] as const;

type Row = Readonly<Record<(typeof columns)[number], string | number>>;

export const worklist = withSession(async (session, line) => {
  needState(session, 'no refused record is kept');
  const rows = await rowsOf(session);
  const format = line.has('csv') ? 'csv' : (line.value('format') ?? 'text');
  session.io.stdout.write(texts[format as keyof typeof texts](rows));
  return ExitCode.ok;
});

const texts = {
  csv: (rows: readonly Row[]) => csvText([columns, ...rows.map((row) => columns.map((name) => row[name]))]),
  json: (rows: readonly Row[]) => `${JSON.stringify(rows, null, 2)}\n`,
  text: (rows: readonly Row[]) =>
    rows.length === 0
      ? 'Nothing to correct.\n'
      : rows.map((row) => `${row.id}  ${row.owner}  ${row.age_days} d  ${row.problem}: ${row.fix}\n`).join(''),
};

async function rowsOf(session: Session): Promise<Row[]> {
  const store = await openStore(session);
  if (store === undefined) return [];
  try {
    const since = new Map<string, string>();
    for await (const reject of listRejects(store)) since.set(reject.id, reject.since);
    let rows: Row[] = [];
    const now = new Date(session.io.clock.now()).toISOString();
    await executeRun(session, {
      mode: 'explain',
      protocol: 'singer',
      files: {},
      level: 'ids',
      read: (take) => decodeSinger(rejectLines(store), take, { warn: () => {} }),
      own: async (ended) => {
        rows = withoutNames(problemsOf(ended, (id) => days(since.get(id) ?? now, now)));
      },
    });
    return rows.sort(
      (a, b) => String(a.owner).localeCompare(String(b.owner)) || Number(b.age_days) - Number(a.age_days),
    );
  } finally {
    await store.close();
  }
}

/** Many people share a company: where hardly any do, the column has moved, and holds names perhaps. Three may always be shown. */
function withoutNames(rows: readonly Row[]): Row[] {
  const owners = new Map(rows.map(({ id, owner }) => [id, String(owner)]));
  const different = new Set([...owners.values()].map((owner) => owner.toLowerCase())).size;
  if (different <= fewest || different * fewest <= owners.size) return [...rows];
  return rows.map((row) => ({ ...row, owner: row.owner === '' ? '' : kindOfValue(String(row.owner)) }));
}

function problemsOf({ read: { people, collected }, planned }: Ended, ageOf: (id: string) => number): Row[] {
  const rows: Row[] = [];
  const isShared = sharedCodes(collected.unmappedCodes);
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.superseded) continue;
    const { record } = JSON.parse(people.raw(person)) as { record: Record<string, unknown> };
    const id = people.id(person) ?? '';
    const refused = planned?.plan.heldBack(person);
    const faults = planned?.plan.faults(person) ?? people.faults(person);
    const problems = [
      ...faults.map((fault) => wordsOf(problemFault(fault, isShared))),
      ...(refused
        ? [
            {
              problem: `Together refused the record (HTTP ${refused.status})`,
              fix: 'Correct the record, or ask Together support.',
            },
          ]
        : []),
    ];
    for (const one of problems)
      rows.push({ owner: ownerOf(record), age_days: ageOf(id), ...one, id, employee_number: numberOf(record) ?? '' });
  }
  return rows;
}

function wordsOf({ code, field, value, message, fix }: ProblemFault) {
  const words = faultText(code, field, value);
  return { problem: words?.title ?? message, fix: words?.source ?? words?.settings ?? fix };
}

/** The company whose HR keeps the record. */
function ownerOf(record: Readonly<Record<string, unknown>>): string {
  const company = record['companyName'] ?? record['companyCode'] ?? record['company'] ?? record['companyId'];
  return typeof company === 'string' || typeof company === 'number' ? String(company) : '';
}
