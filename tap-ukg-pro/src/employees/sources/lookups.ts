/** What codes mean: org levels, jobs, locations and code tables, read once for a run. */

import { readRecords } from '../../records/read-records.ts';
import type { UkgRecord } from '../../records/record.ts';
import { codeTables } from '../../requests/code-tables.ts';
import { planRequests } from '../../requests/plan-requests.ts';
import type { PlanDeps } from '../../requests/planned-request.ts';
import { pageSizeOf } from '../../settings/settings.ts';
import type { UkgStream } from '../../streams/define.ts';
import type { Source } from '../../streams/employees.ts';
import { ukgStream } from '../../streams/index.ts';
import { rightName } from '../../streams/rights.ts';

type Text = string | null;

export interface OrgLevel {
  readonly description: Text;
  readonly levelName: Text;
}

export interface Lookups {
  orgLevel(level: number, code: Text): OrgLevel | undefined;
  /** The tenant's name of a level, whether or not the person has a code there. */
  levelName(level: number): Text;
  location(code: Text): UkgRecord | undefined;
  /** The job with this code; of several, the one of the country. Undefined when that leaves more than one title. */
  job(code: Text, country: Text): UkgRecord | undefined;
  statusType(code: Text): Text;
  jobFamily(code: Text): Text;
}

/** Reads the tables that `sources` name, and no others. */
export async function readLookups(deps: PlanDeps, sources: ReadonlySet<Source>): Promise<Lookups> {
  const orgLevels = new Map<string, UkgRecord>();
  const locations = new Map<string, UkgRecord>();
  const jobs = new Map<string, UkgRecord[]>();
  const statusTypes = new Map<string, string>();
  const jobFamilies = new Map<string, string>();

  const table = async (source: Source, stream: UkgStream, names: readonly string[], keep: (row: UkgRecord) => void) => {
    if (!sources.has(source)) return;
    const requests = await planRequests(deps, stream);
    let rows = 0;
    const take = (row: UkgRecord) => {
      rows++;
      keep(row);
    };
    await readRecords(deps, { stream, requests, selected: new Set([...stream.key, ...names]), take });
    // UNVERIFIED: whether UKG answers a missing right with an empty list.
    if (rows === 0) {
      deps.log.warn(
        `${stream.name}: UKG answered without a single row, so whatever employees takes from there stays empty. If there should be some, look at the View right "${rightName(stream)}".`,
      );
    }
  };
  const codes = async (source: Source, name: string, into: Map<string, string>) => {
    if (!sources.has(source)) return;
    const stream = ukgStream('code_tables');
    const plain = { stream: stream.name, path: stream.path, params: {}, paging: stream.paging } as const;
    const requests = await codeTables(deps, { ...plain, pageSize: pageSizeOf(deps.settings, stream) }, [name]);
    await readRecords(deps, {
      stream,
      requests,
      selected: new Set(['codeTable', 'code', 'description']),
      take: ({ code, description }) => {
        if (typeof description === 'string') into.set(String(code), description);
      },
    });
  };

  await Promise.all([
    table('orgLevels', ukgStream('org_levels'), ['description', 'levelDescription', 'isActive'], (row) =>
      keepActive(orgLevels, `${String(row['level'])} ${String(row['code'])}`, row),
    ),
    table('locations', ukgStream('locations'), locationNames, (row) =>
      keepActive(locations, String(row['locationCode']), row),
    ),
    table('jobs', ukgStream('jobs'), ['title', 'jobFamilyCode'], (row) => {
      const code = String(row['jobCode']);
      jobs.set(code, [...(jobs.get(code) ?? []), row]);
    }),
    codes('statusTypes', 'EMPTYPE', statusTypes),
    codes('jobFamilies', 'JOBFAMILY', jobFamilies),
  ]);

  const levelNames = [1, 2, 3, 4].map((level) => levelNameOf(level, orgLevels.values()));
  const units = [1, 2, 3, 4].map((level) => unitsOf(level, orgLevels.values()));
  return {
    orgLevel: (level, code) => (code === null ? undefined : units[level - 1]?.get(code)),
    levelName: (level) => levelNames[level - 1] ?? null,
    location: (code) => (code === null ? undefined : locations.get(code)),
    job(code, country) {
      const all = code === null ? undefined : jobs.get(code);
      if (all === undefined || all.length === 1) return all?.[0];
      const here = all.filter((job) => job['countryCode'] === country);
      if (here.length === 1) return here[0];
      return all.every((job) => job['title'] === all[0]?.['title']) ? all[0] : undefined;
    },
    statusType: (code) => (code === null ? null : (statusTypes.get(code) ?? null)),
    jobFamily: (code) => (code === null ? null : (jobFamilies.get(code) ?? null)),
  };
}

/** Of two rows with one code the active one; of equals the later in the alphabet, not the one that came last. */
function keepActive(rows: Map<string, UkgRecord>, key: string, row: UkgRecord): void {
  const rank = (one: UkgRecord) => `${one['isActive'] === false ? 0 : 1}${JSON.stringify(one)}`;
  const known = rows.get(key);
  if (known === undefined || rank(row) > rank(known)) rows.set(key, row);
}

/** The rows of a level by their code: one object for all the people of a unit. */
function unitsOf(level: number, rows: Iterable<UkgRecord>): Map<string, OrgLevel> {
  const units = new Map<string, OrgLevel>();
  for (const row of rows) {
    if (String(row['level']) !== String(level)) continue;
    const { description, levelDescription: levelName } = row as { description: Text; levelDescription: Text };
    units.set(String(row['code']), { description, levelName });
  }
  return units;
}

/** What most rows of a level call it: one row may still have an old name. */
function levelNameOf(level: number, rows: Iterable<UkgRecord>): Text {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = row['levelDescription'];
    if (Number(row['level']) !== level || typeof name !== 'string') continue;
    counts.set(name, (counts.get(name) ?? 0) + (row['isActive'] === false ? 1 : 1000));
  }
  const [most] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return most?.[0] ?? null;
}

const locationNames = [
  'isActive',
  'description',
  'addressLine1',
  'addressLine2',
  'city',
  'state',
  'zipOrPostalCode',
  'countryCode',
];
