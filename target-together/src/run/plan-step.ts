/** Step 2, plan: who is sent and why, of what was read now or of a plan file that was reviewed. */

import type { Logger } from '@ukg-together/kit/log/log';
import type { People } from '../people/person.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { isAltered } from '../plan/checks/altered-body.ts';
import { checkLedger } from '../plan/checks/lost-ledger.ts';
import { pendingAfter } from '../plan/checks/supervisors/pending-links.ts';
import type { AskDrift } from '../plan/drift/on-drift.ts';
import type { PlannedRead, Prepared, ReviewedPlan } from '../plan/prepared.ts';
import { mappingChanges } from '../state/mapping-memory.ts';
import type { PendingLinks } from '../state/run-history.ts';
import type { RunState } from '../state/run-state.ts';
import type { AskRemote } from '../together/list/list-users.ts';
import { checkColumns, checkStreams } from './check-streams.ts';
import type { Read } from './collect-step.ts';
import type { RunIdentity } from './identity.ts';

export interface Planned extends Prepared {
  readonly read: Read;
  /** What the plan carries of its read: for a plan on disk, and for the runs after this one. */
  readonly carried: PlannedRead;
  /** Links that are still left out once those of `linked` are sent. */
  pendingLinks(linked: (id: string) => boolean): PendingLinks;
  /** The fields of a body; people with the same fields share one list. */
  fieldsOf(person: number): readonly string[];
}

export interface PlanDeps {
  readonly state: RunState;
  readonly log: Logger;
}

/** Where the plan of a run comes from. */
export interface Planner {
  /** Of the mapping that made the bodies. */
  mappingHash(): string;
  plan(read: Read, run: RunIdentity, deps: PlanDeps): Promise<Planned>;
}

/** A plan of what was read. `remote`: Together's own list, where this run asks for it. */
export function planFromRead(mappingHash: () => string, remote: AskRemote | undefined, drift?: AskDrift): Planner {
  return {
    mappingHash,
    async plan(read, { mode, settings, startedAt, about, only }, { state, log }) {
      const { people, collected } = read;
      const { mapping: before } = state.memory;
      if (settings.unmapped_streams === 'stop') checkStreams(read.source, settings.mapping.stream, before?.streams);
      checkLedger(collected, state);
      if (read.mapping) checkColumns(read.mapping, before, read.schemas);
      const { host, organization_id } = about.destination;
      const prepared = await buildPlan({
        people,
        collected,
        state,
        settings,
        remote: mode.listsRemote ? remote : undefined,
        drift,
        log,
        startedAt,
        mapping: {
          changed: mappingChanges(before, read.facts.mapping),
          fields: read.facts.mapping && Object.keys(read.facts.mapping.fields),
        },
        only,
        hashed: mode.hashes,
        scope: `${host}\n${organization_id}`,
      });
      const { plan, findings } = prepared;
      const pendingLinks: Planned['pendingLinks'] = (linked) =>
        pendingAfter(state.memory.pending_links ?? {}, people, findings, linked);
      const namesOf = sharedNames();
      return {
        ...prepared,
        read,
        carried: {
          states: collected.lastStates,
          schemas: read.schemas,
          source: read.source,
          vanished: plan.vanished,
          facts: read.facts,
          pendingLinks: pendingLinks(() => false),
        },
        pendingLinks,
        fieldsOf(person) {
          const asRead = person < people.size && !isAltered(findings, person);
          return asRead ? collected.fields.fieldsOf(people.fields(person)) : namesOf(plan.json(person));
        },
      };
    },
  };
}

/** A plan that was reviewed. `restore` puts its people into the store, as if just read. */
export function planFromFile(mappingHash: string, restore: (people: People) => Promise<ReviewedPlan>): Planner {
  return {
    mappingHash: () => mappingHash,
    async plan(read) {
      const { people, checkpoints } = read;
      const { read: carried, ...given } = await restore(people);
      for (let person = 0; person < people.size; person++) checkpoints.sighted(person);
      for (const event of carried.states) checkpoints.checkpoint({ event, records: 0, people: [0, 0] });
      const namesOf = sharedNames();
      return {
        ...given,
        notes: new Map(),
        togetherOnly: undefined,
        listed: undefined,
        stale: {},
        baselineNote: undefined,
        read: { ...read, mapping: undefined, schemas: carried.schemas, source: carried.source, facts: carried.facts },
        carried,
        pendingLinks: (linked) =>
          Object.fromEntries(Object.entries(carried.pendingLinks).filter(([id]) => !linked(id))),
        fieldsOf: (person) => namesOf(given.plan.json(person)),
      };
    },
  };
}

/** The keys of a body as JSON; equal keys are one list, so that counting the fields of a million people costs little. */
function sharedNames(): (json: string) => readonly string[] {
  const lists = new Map<string, readonly string[]>();
  return (json) => {
    const names = Object.keys(JSON.parse(json) as object);
    const key = names.join();
    const known = lists.get(key);
    if (known) return known;
    lists.set(key, names);
    return names;
  };
}
