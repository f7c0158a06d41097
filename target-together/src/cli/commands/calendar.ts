/** `target-together calendar`: who starts, leaves or comes back in the days to come, as the last runs read it. */
import { ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { openRunBooks } from '../../app/open-state.ts';
import { openSession } from '../../app/session.ts';
import { addDays, calendarDay } from '../../collect/effective-dates.ts';
import { calendarLine } from '../../report/upcoming-text.ts';
import type { Command } from './command.ts';

const defaultDays = 30;

export const calendar: Command = async (line, io) => {
  const asked = line.value('days');
  const days = asked === undefined ? defaultDays : Number(asked);
  if (!Number.isInteger(days) || days < 1) throw new ConnectorError('settings', '--days needs a whole number above 0.');
  const session = await openSession(line.values('config'), io);
  try {
    if (session.state === null) {
      throw new ConnectorError('settings', 'state_dir is null: nothing is known of earlier runs.', {
        hint: 'Name a folder in state_dir.',
      });
    }
    const { books } = await openRunBooks(session);
    try {
      const { memory } = books;
      const today = calendarDay(io.clock.now(), session.settings.time_zone);
      const until = addDays(today, days);
      const listed = (memory.calendar ?? []).filter(({ day }) => day >= today && day <= until);
      const read = memory.complete?.finished_at ?? null;
      if (line.value('format') === 'json') {
        io.stdout.write(`${JSON.stringify({ today, days, last_complete_read: read, people: listed }, null, 2)}\n`);
      } else {
        const source = read === null ? 'no complete read yet' : `last complete read ${read}`;
        const title = `${today} to ${until}, ${source}`;
        const lines =
          listed.length > 0
            ? listed.map((day) => calendarLine(day, today))
            : ['No first or last day falls into these days.'];
        io.stdout.write(`${[title, ...lines].join('\n')}\n`);
      }
      return ExitCode.ok;
    } finally {
      await books.close();
    }
  } finally {
    await session.close();
  }
};
