/** Step 1, collect: events → everybody who was read, and what was read of them. Nothing is sent before the last event. */

import { calendarDay } from '@ukg-together/kit/days/calendar-day';
import { checkMachineClock } from '@ukg-together/kit/days/machine-clock';
import type { Logger } from '@ukg-together/kit/log/log';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import { type Checkpoints, createCheckpoints } from '../collect/checkpoints.ts';
import { type Collector, createCollector } from '../collect/collect.ts';
import type { BufferedState, Collected, RecordMapping } from '../collect/collected.ts';
import { calendarAfter } from '../collect/days/calendar.ts';
import { deletedWhen } from '../collect/deletions.ts';
import type { PeopleFilter } from '../collect/filters.ts';
import { leaverEmail } from '../model/leaver-email.ts';
import type { RunSummary } from '../model/run-summary.ts';
import { createPeople } from '../people/people.ts';
import type { People } from '../people/person.ts';
import { createSpill } from '../people/spill.ts';
import type { ReadFacts } from '../state/run-history.ts';
import type { RunState } from '../state/run-state.ts';
import type { MappingFacts } from './check-streams.ts';
import type { RunIdentity } from './identity.ts';

export interface CollectDeps {
  /** Where people go that don't fit into memory. */
  readonly spillFolder: string;
  readonly openMapping: (schema: SchemaEvent) => RecordMapping | undefined | Promise<RecordMapping | undefined>;
  /** Stream → name of the preset that maps it; filled while reading. */
  readonly presets: ReadonlyMap<string, string>;
  readonly filter: PeopleFilter | undefined;
  /** Of the mappings opened while reading; absent where nothing keeps track of them. */
  readonly mappingFacts?: () => MappingFacts | undefined;
}

/** What was read. */
export interface Read {
  readonly people: People;
  /** Held back until everybody read before them has an outcome. */
  readonly checkpoints: Checkpoints<BufferedState>;
  readonly collected: Collected;
  /** Announcements of the mapped streams. */
  readonly schemas: readonly SchemaEvent[];
  readonly source: RunSummary['source'];
  readonly facts: ReadFacts;
  readonly mapping: MappingFacts | undefined;
}

export interface Reading {
  readonly take: Collector['take'];
  /** After the last event; `whole`: no failure ended the reading. */
  end(whole: boolean): Read;
  close(): void;
}

export function startReading(
  { mode, protocol, settings, startedAt, only }: RunIdentity,
  deps: CollectDeps,
  { state, log }: { readonly state: Pick<RunState, 'hash' | 'emails' | 'lookup' | 'memory'>; readonly log: Logger },
): Reading {
  checkMachineClock(startedAt);
  const spill = createSpill({ folder: deps.spillFolder });
  const people = createPeople(spill, state.emails.hash);
  const checkpoints = createCheckpoints<BufferedState>({ coalesce: !protocol.everyCheckpoint });
  const collector = createCollector({
    people,
    checkpoints,
    hash: state.hash,
    hashAll: mode.hashes,
    filter: deps.filter,
    dates: {
      today: calendarDay(startedAt, settings.time_zone),
      end: settings.effective_dates.end,
      hireLeadDays: settings.effective_dates.hire_lead_days,
      acceptedStatus: (id) => state.lookup(id)?.status,
    },
    leaverEmail: leaverEmail(settings.leaver_email),
    isDeleted: deletedWhen(settings.deleted_when),
    checkpointed: protocol.endsWithCheckpoint,
    keeps: { raw: mode.keepsRecords, labels: mode.keepsLabels },
    openMapping: deps.openMapping,
    log: (message) => log.info(message),
  });
  return {
    take: collector.take,
    end(whole) {
      const collected = collector.result(settings.complete_reads, whole);
      if (whole) warnOf(collected, people, log);
      const mapping = deps.mappingFacts?.();
      return {
        mapping,
        people,
        checkpoints,
        collected,
        schemas: collector.schemas(),
        source: sourceOf(collected, deps.presets),
        facts: {
          ...factsOf(collected, people),
          mapping: mapping?.memory,
          ...(only ? { only: [...only].filter((id) => people.find(id) >= 0).length } : {}),
          ...calendarAfter(state.memory.calendar ?? [], collected, people),
        },
      };
    },
    close: () => spill.close(),
  };
}

function warnOf(collected: Collected, people: People, log: Logger): void {
  if (people.count > 0 && collected.lastStates.length > 0 && !collected.whole) {
    log.warn(
      'The input ends without a STATE after its last record: the source may have been cut off. Its own log and exit code tell.',
    );
  }
}

function sourceOf(collected: Collected, presets: ReadonlyMap<string, string>): RunSummary['source'] {
  return {
    cut_off: !collected.whole,
    complete: collected.complete,
    why: collected.reason,
    streams: collected.streams.map(({ stream, records, mapped }) => ({
      stream,
      preset: presets.get(stream) ?? null,
      records,
      mapped,
    })),
  };
}

/** A tenth of everybody: below the share that the guard allows, so that a supervisor who grows past it was noted before. */
const manyReports = 10;

function factsOf({ complete, whole, filled, users, fields, domains, supervisors }: Collected, people: People) {
  const shares = Object.entries(filled).map(([field, count]) => [field, count / users] as const);
  return {
    complete,
    whole,
    peopleRead: people.count,
    filled: Object.fromEntries(shares),
    domains: [...domains.keys()],
    supervisors: supervisors.filter(({ reports }) => reports * manyReports > users).map(({ id }) => id),
    values: [...fields.values()],
  };
}
