/** One event: everybody is read on the day before, then each of its days is played, run and compared. */
import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays, calendarDay } from '@ukg-together/kit/days/calendar-day';
import { asConnectorError } from '@ukg-together/kit/error';
import { expectedUsers } from '@ukg-together/sandbox/expected';
import { createTogetherState } from '@ukg-together/sandbox/together-server';
import { createWorld } from '@ukg-together/sandbox/world';
import type { Settings } from '../../settings/settings.ts';
import type { Io } from '../io.ts';
import { compare, type Held, type Mismatch } from './compare.ts';
import type { RehearsedEvent, Stage } from './events.ts';
import { night, rehearsalIo, type Stand, turnedClock } from './night.ts';
import type { Source } from './records.ts';

export interface Rehearsed {
  readonly name: string;
  readonly title: string;
  readonly milliseconds: number;
  readonly days: readonly {
    /** `YYYY-MM-DD` */
    readonly day: string;
    readonly happened: readonly string[];
    readonly exitCode: number;
    /** Of the people that it happened to: invented ones. */
    readonly held: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
    readonly mismatches: Mismatch[];
  }[];
}

export interface Play {
  readonly folder: string;
  readonly configs: readonly string[];
  readonly io: Io;
  readonly settings: Settings;
  readonly source: Source;
  /** By the first day: what was kept and held after everybody had been read once. */
  readonly eves: Map<string, Eve>;
}

export interface Eve {
  readonly folder: string;
  readonly held: readonly Readonly<Record<string, unknown>>[];
}

const dayMs = 86_400_000;
const people = 60;

export async function play(event: RehearsedEvent, what: Play): Promise<Rehearsed> {
  const began = performance.now();
  const { begins = '2026-03-02' } = event;
  const scene = await openScene(begins, what);
  // The first run is an event itself: no one has been read before it.
  if (event.name !== 'first-run') await playEve(begins, scene, what);
  const days: Rehearsed['days'][number][] = [];
  const seen = new Set<string>();
  let stage: Stage | undefined;
  for (const [index, { after = index === 0 ? 0 : 1, play: happen }] of event.days.entries()) {
    scene.turn(after);
    const before = scene.holding();
    stage ??= stageOf(scene, before);
    if (!stage && happen) {
      days.push({ day: scene.day(0), happened: [], exitCode: 0, held: {}, mismatches: [noPeople(what.settings)] });
      break;
    }
    const happened = stage && happen ? playAll([happen(stage)].flat(), scene, seen) : [];
    const stops = event.stops === true && index === event.days.length - 1;
    const { exitCode, mismatches } = await run(scene, what, before, stops);
    const now = scene.holding();
    const held = Object.fromEntries([...seen].map((id) => [id, now.get(id) ?? null]));
    days.push({ day: scene.day(0), happened, exitCode, held, mismatches });
  }
  return { name: event.name, title: event.title, milliseconds: Math.round(performance.now() - began), days };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

/** An employer whose clock stands on the day before, and a Together without users. */
async function openScene(begins: string, { folder, configs, io, settings, source }: Play) {
  const zone = settings.time_zone ?? 'UTC';
  // At this hour nearly all zones have the same day.
  const clock = turnedClock(Date.parse(`${begins}T10:30:00Z`) - dayMs);
  const departmentLevel = settings.department_org_level ?? 2;
  const asOf = addDays(begins, -31);
  const world = createWorld({ people, seed: 11, clean: true, zone, now: clock.now, asOf, departmentLevel });
  const namespace = source.preset.namespaces[0];
  const env = { ...io.env, ...(namespace && { MELTANO_EXTRACTOR_NAMESPACE: namespace }) };
  const place = await mkdtemp(join(folder, 'event-'));
  const together = createTogetherState();
  const stand: Stand = { folder: place, configs, together, io: rehearsalIo({ ...io, env }, clock) };
  return {
    world,
    stand,
    now: clock.now,
    turn: (days: number) => clock.turn(days * dayMs),
    day: (offset: number) => addDays(calendarDay(clock.now(), zone), offset),
    holding: (): Held =>
      new Map([...together.store.all()].map(({ fields }) => [String(fields['employeeId']), { ...fields }])),
  };
}

/** Reads everybody on the day before, or takes what that has left for another event of the same day. */
async function playEve(begins: string, scene: Scene, what: Play): Promise<void> {
  const { stand, world } = scene;
  const known = what.eves.get(begins);
  if (known) {
    await cp(known.folder, stand.folder, { recursive: true });
    for (const fields of known.held) stand.together.store.create({ ...fields }, new Date(scene.now()).toISOString());
  } else {
    await night(stand, world, what.source);
    const folder = await mkdtemp(join(what.folder, 'eve-'));
    await cp(stand.folder, folder, { recursive: true });
    what.eves.set(begins, { folder, held: [...scene.holding().values()] });
  }
  scene.turn(1);
}

function playAll(
  events: readonly Parameters<Scene['world']['play']>[0][],
  { world }: Scene,
  seen: Set<string>,
): string[] {
  return events.map((event) => {
    const { detail, employeeId, other } = world.play(event);
    for (const id of [employeeId, other]) if (id !== undefined) seen.add(id);
    return detail;
  });
}

async function run(
  { stand, world, day, holding }: Scene,
  { source, settings }: Play,
  before: Held,
  stops: boolean,
): Promise<{ exitCode: number; mismatches: Mismatch[] }> {
  try {
    const { ended, values } = await night(stand, world, source);
    const after = holding();
    const mismatches = compare({ world, source, settings, values, before, after, ended, today: day(0), stops });
    if (after.size === 0) mismatches.push(noPeople(settings));
    return { exitCode: ended.exitCode, mismatches };
  } catch (thrown) {
    const { message, hint = '', exitCode } = asConnectorError(thrown);
    const held = `${message} ${hint}`.trim();
    return { exitCode, mismatches: [{ id: '', field: null, expected: 'a run', held, why: '' }] };
  }
}

const noPeople = ({ filters }: Settings): Mismatch => ({
  id: '',
  field: null,
  expected: 'people in Together that it can happen to',
  held: 'hardly anybody',
  why: filters.length > 0 ? `filters leave out by ${filters.map(({ name, field }) => name ?? field).join(', ')}` : '',
});

/** Two active people Together holds and who lead no one. */
function stageOf({ world, day }: Scene, held: Held): Stage | undefined {
  const expected = [...expectedUsers(world).values()];
  const leaders = new Set(expected.map(({ user }) => user['supervisorId']));
  const [id, other] = expected
    .filter(({ employeeId: each, user }) => held.has(each) && user['employeeStatusCode'] === 'A' && !leaders.has(each))
    .filter(({ employeeId: each }) => world.find(each)?.employments.length === 1)
    .map(({ employeeId }) => employeeId);
  return id === undefined || other === undefined ? undefined : { world, id, other, day };
}
