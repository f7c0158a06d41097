/** What a settings file says of the half beside the one that reads it: both must mean the same days. */
import { isKnownZone } from '../days/zone.ts';
import { isObject, readJsonFile } from '../lines/json.ts';
import { type Environment, envPrefix } from '../text/environment.ts';

const halves = ['tap-ukg-pro', 'target-together'] as const;
/** The default of both halves. */
const usual = 'UTC';
export type HalfName = (typeof halves)[number];

export interface OtherZone {
  readonly zone: string;
  /** The half whose it is. */
  readonly half: HalfName;
}

/** The `time_zone` of the other half, in the same files or variables; undefined: they do not say one. */
export async function zoneOfOtherHalf(
  configs: readonly string[],
  own: HalfName,
  env: Environment,
): Promise<OtherZone | undefined> {
  const half: HalfName = own === halves[0] ? halves[1] : halves[0];
  let zone: unknown;
  for (const config of configs) {
    if (config === 'ENV') zone = env[`${envPrefix(half)}_TIME_ZONE`] || zone;
    else {
      const whole: unknown = await readJsonFile(config, 'The settings file').catch(() => undefined);
      const section = isObject(whole) ? whole[half] : undefined;
      if (isObject(section) && Object.keys(section).length > 0)
        zone = section['time_zone'] ?? section['timezone'] ?? zone ?? usual;
    }
  }
  return typeof zone === 'string' && isKnownZone(zone) ? { zone, half } : undefined;
}

/** Whether two zones have the same clock all year round, as Europe/Paris and Europe/Berlin have. */
export function isSameClock(one: string, other: string): boolean {
  if (one === other) return true;
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const [first, second] = [format(one), format(other)];
  return Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 15)).every(
    (at) => first.format(at) === second.format(at),
  );
}
