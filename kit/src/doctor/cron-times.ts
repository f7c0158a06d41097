/** When a schedule in five fields was last due. */

const names: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A schedule that starts less often is not judged. */
const lookedBack = 8 * 24 * 60;

/** Milliseconds since 1970; undefined: not within the last eight days, or it is written in a way that is not understood. */
export function lastDue(times: string, zone: string, now: number): number | undefined {
  const fields = (names[times] ?? times).trim().split(/\s+/).map(valuesOf);
  if (fields.length !== 5 || fields.includes(undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = fields as readonly Values[] as [
    Values,
    Values,
    Values,
    Values,
    Values,
  ];
  const wallAt = wallClock(zone);
  const from = Math.floor(now / minuteMs);
  for (let at = from; at > from - lookedBack; at--) {
    const wall = wallAt(at * minuteMs);
    if (!minutes.has(wall.getUTCMinutes()) || !hours.has(wall.getUTCHours())) continue;
    if (!months.has(wall.getUTCMonth() + 1)) continue;
    const onDay = days.has(wall.getUTCDate());
    const onWeekday = weekdays.has(wall.getUTCDay()) || (wall.getUTCDay() === 0 && weekdays.has(7));
    // As cron has it: where both are given, either will do.
    if (days.all || weekdays.all ? onDay && onWeekday : onDay || onWeekday) return at * minuteMs;
  }
  return undefined;
}

interface Values {
  readonly all: boolean;
  has(value: number): boolean;
}

function valuesOf(field: string): Values | undefined {
  const ranges = field.split(',').map((part) => {
    const [, range = '', from, to, step] = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === '') return undefined;
    const first = Number(from ?? 0);
    const last =
      range === '*' || (step !== undefined && to === undefined) ? Number.POSITIVE_INFINITY : Number(to ?? from);
    return { first, last, step: Number(step ?? 1) };
  });
  if (ranges.includes(undefined)) return undefined;
  return {
    all: field.startsWith('*'),
    has: (value) =>
      ranges.some(
        (range) => range && value >= range.first && value <= range.last && (value - range.first) % range.step === 0,
      ),
  };
}

/** A Date whose UTC parts are those of the zone. How far it is off is asked once an hour: no zone changes its clock more often. */
function wallClock(zone: string): (at: number) => Date {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const off = new Map<number, number>();
  return (at) => {
    const hour = Math.floor(at / hourMs) * hourMs;
    if (!off.has(hour)) off.set(hour, Date.parse(`${format.format(hour).replace(' ', 'T')}Z`) - hour);
    return new Date(at + (off.get(hour) ?? 0));
  };
}
