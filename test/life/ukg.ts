/**
 * UKG Pro's sandbox and the real tap as the source of a life: random days of an odd employer, and what the rules make of each person's
 * rows. Which employment counts is worked out here from the rules alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startUkg } from '@ukg-together/sandbox/ukg-server';
import { createWorld, type World } from '@ukg-together/sandbox/world';
import type { Life } from './arbitrary.ts';
import { dayIn, plusDays, realDay } from './days.ts';
import type { Row } from './hr.ts';
import type { Source } from './life.ts';
import { runTap } from './product.ts';

type Person = ReturnType<World['person']>;
type Job = Person['employments'][number];

const codes: Readonly<Record<string, 'A' | 'L' | 'T'>> = { A: 'A', O: 'A', L: 'L', S: 'L', R: 'T', T: 'T' };
const graceDays = 3;

/** In force before what begins later; active before leave before an end that is ahead; then what has ended. */
function rank(job: Job, today: string): number {
  const code = codes[job.status] ?? 'T';
  const [start, end] = [realDay(job.lastHire), realDay(job.termination)];
  if (code === 'T') return end !== undefined && end >= today ? 2 : 4;
  if (start !== undefined && start > today) return 5;
  return code === 'A' ? 0 : 1;
}

/** The employment that counts: by rank, then the home company's, the latest hire, the company's id. */
function counting(world: World, person: Person, today: string): Job | undefined {
  const id = (job: Job) => world.tables.companies[job.company]?.id ?? '';
  const home = (job: Job) => Number(job.company !== person.homeCompany);
  return [...person.employments].sort(
    (a, b) =>
      rank(a, today) - rank(b, today) ||
      home(a) - home(b) ||
      (a.lastHire === b.lastHire ? 0 : a.lastHire < b.lastHire ? 1 : -1) ||
      (id(a) < id(b) ? -1 : 1),
  )[0];
}

/** Between two companies: ended for a transfer, no other employment in force, and not longer ago than the days of grace. */
function isInTransfer(person: Person, job: Job, today: string): boolean {
  const end = realDay(job.termination);
  const isOver = rank(job, today) === 4 && end !== undefined;
  return isOver && job.termReason === 'TRO' && today <= plusDays(end, graceDays) && person.employments.length > 0;
}

function rowOf(world: World, person: Person, today: string): Row {
  const job = counting(world, person, today);
  const isHalf = world.personRowCount(person.index) === 0 || world.employmentCount(person.index) === 0;
  return {
    recordId: person.employeeId,
    employeeId: person.employeeId,
    kept: isHalf || !job || isInTransfer(person, job, today),
    supervisorId: null,
    firstName: person.firstName,
    lastName: person.lastName,
    emailAddress: person.email,
    employeeStatusCode: codes[job?.status ?? ''] ?? 'T',
    jobTitle: [job?.jobTitle, job?.jobDescription].find((text) => text?.trim()) ?? titleOf(world, job),
    employeeTypeCode: '',
    originalHireDate: job?.originalHire ?? '',
    lastHireDate: job?.lastHire ?? '',
    dateOfTermination: job?.termination ?? null,
    dateTimeChanged: '',
  };
}

function titleOf(world: World, job: Job | undefined): string {
  const country = world.tables.companies[job?.company ?? -1]?.country;
  return world.tables.jobs.find((row) => row.country === country && row.code === job?.job)?.title ?? '';
}

export interface UkgSource extends Source {
  close(): Promise<void>;
}

/** An employer of the life's size; its odd days are drawn from the seed. Every read is of everybody. */
export async function ukgSource(life: Life, seed: number): Promise<UkgSource> {
  let now = life.begins;
  const world = createWorld({
    ...{ people: life.size, seed, clean: true, zone: life.zone, now: () => now },
    asOf: plusDays(dayIn(life.zone, life.begins), -30),
  });
  const server = await startUkg({ world });
  const folder = mkdtempSync(join(tmpdir(), 'life-tap-'));
  const config = join(folder, 'tap.json');
  const { username, password, customerApiKey } = server.credentials;
  const settings = {
    ...{ base_url: server.url, username, password, customer_api_key: customerApiKey },
    time_zone: life.zone,
  };
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
  const today = () => dayIn(life.zone, now);
  return {
    live: (night, at) => {
      now = at;
      for (const person of world.people()) {
        world.hideRows(person.index, 'person', false);
        world.hideRows(person.index, 'employments', false);
      }
      world.playDay({ changes: night.events.length, seed: seed * 1000 + world.version, kinds: 'odd' });
    },
    rows: () => [...world.people()].map((person) => rowOf(world, person, today())),
    lines: () => runTap(config, now),
    idOf: (who) => world.person(who % world.size).employeeId,
    // Random supervisors may stand in loops; those rules are the hand-made HRIS's part.
    unchecked: ['supervisorId'],
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
