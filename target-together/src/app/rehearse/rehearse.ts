/** Life events against the user's own mapping, filters and settings, each on an employer and a Together of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isSameClock, zoneOfOtherHalf } from '@ukg-together/kit/settings/other-half';
import { presetOfNamespace } from '../../mapping/rules/choose-preset.ts';
import { type Preset, presetByName, presets } from '../../mapping/rules/presets.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Io } from '../io.ts';
import { checkColumns } from './columns.ts';
import { events } from './events.ts';
import { openStand, rehearsalIo, turnedClock } from './night.ts';
import { type Eve, play, type Rehearsed } from './play.ts';
import type { Source } from './records.ts';

export interface Rehearsal {
  readonly preset: string;
  readonly stream: string;
  /** When the preset alone passed all events, and with which version. */
  readonly passed: Preset['rehearsed'];
  /** The first alone where it could not be run. */
  readonly events: readonly Rehearsed[];
  readonly mismatches: number;
}

/** Throws ConnectorError `settings` where the settings themselves are refused. */
export async function rehearse(
  configs: readonly string[],
  io: Io,
  { preset: presetName, catalog }: { preset?: string | undefined; catalog?: unknown } = {},
): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  try {
    const first = await openStand({ folder, configs, io: rehearsalIo(io, turnedClock(Date.now())) });
    await first.close();
    const { settings } = first;
    const source = sourceOf(settings, presetName, io.env['MELTANO_EXTRACTOR_NAMESPACE']);
    await checkColumns(settings, source, io, catalog);
    const done: Rehearsed[] = [];
    const eves = new Map<string, Eve>();
    for (const event of events) {
      io.signal.throwIfAborted();
      done.push(await play(event, { folder, configs, io, settings, source, eves }));
      // Where not even a first run ends well, every other event says the same.
      if (done[0]?.days.some(({ exitCode }) => exitCode !== 0)) break;
    }
    const zone = await zoneMismatch(configs, settings, io);
    if (zone) done[0]?.days[0]?.mismatches.push(zone);
    const mismatches = done.filter(({ days }) => days.some((day) => day.mismatches.length > 0)).length;
    const { name, rehearsed: passed } = source.preset;
    return { preset: name, stream: source.stream, passed, events: done, mismatches };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tap's half of the same settings says which days its rows mean. */
async function zoneMismatch(configs: readonly string[], { time_zone: own }: Settings, io: Io) {
  const other = await zoneOfOtherHalf(configs, 'target-together', io.env);
  if (other === undefined || isSameClock(own, other.zone)) return undefined;
  const why =
    'for hours of each day the halves mean two days: a leaver loses access, and a hire gets it, on a wrong one';
  return { id: '', field: 'time_zone', expected: `${other.zone}, as ${other.half} has it`, held: own, why };
}

/** `namespace`: of the tap that Meltano runs. */
function sourceOf(settings: Settings, asked: string | undefined, namespace: string | undefined): Source {
  const own = settings.mapping as { preset?: string; stream?: string };
  const name = asked ?? own.preset ?? presetOfNamespace(namespace)?.name ?? 'ukg-pro';
  const preset: Preset | undefined = presetByName(name);
  if (!preset)
    throw new ConnectorError('settings', said`There are no records to rehearse ${JSON.stringify(name)} with.`, {
      hint: `Say whose records yours are like: --preset ${presets.map((each) => each.name).join(', ')}.`,
    });
  return { preset, stream: own.stream ?? preset.streams[0] ?? 'people', settings };
}
