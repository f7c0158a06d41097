/** `target-together calendar`: who starts, leaves or comes back in the days to come, as the last runs read it. */
import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { addDays, calendarDay } from '@ukg-together/kit/days/calendar-day';
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { openState } from '../../app/open-state.ts';
import { calendarLine } from '../../report/upcoming-text.ts';
import { needState, withSession } from './command.ts';

const defaultDays = 30;

export const calendar = withSession(async (session, line) => {
  const { io, settings } = session;
  needState(session, 'nothing is known of earlier runs');
  const days = daysOf(line);
  const { state } = await openState(session);
  try {
    const { memory } = state;
    const today = calendarDay(io.clock.now(), settings.time_zone);
    const until = addDays(today, days);
    const listed = (memory.calendar ?? []).filter(({ day }) => day >= today && day <= until);
    const read = memory.complete?.finished_at ?? null;
    if (line.value('format') === 'json') {
      io.stdout.write(`${JSON.stringify({ today, days, last_complete_read: read, people: listed }, null, 2)}\n`);
      return ExitCode.ok;
    }
    const title = `${today} to ${until}, ${read === null ? 'no complete read yet' : `last complete read ${read}`}`;
    const lines =
      listed.length > 0
        ? listed.map((day) => calendarLine(day, today))
        : ['No first or last day falls into these days.'];
    io.stdout.write(`${[title, ...lines].join('\n')}\n`);
    return ExitCode.ok;
  } finally {
    await state.close();
  }
});

function daysOf(line: CommandLine): number {
  const asked = line.value('days');
  const days = asked === undefined ? defaultDays : Number(asked);
  if (Number.isInteger(days) && days >= 1) return days;
  throw new ConnectorError('settings', said`--days needs a whole number above 0.`);
}
