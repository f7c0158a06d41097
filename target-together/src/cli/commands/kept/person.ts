/** `target-together person ID --as-of DAY`: what Together held of one person at the end of a day, field by field, and which run made it so. */
import { calendarDay } from '@ukg-together/kit/days/calendar-day';
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { openState } from '../../../app/open-state.ts';
import { valueText } from '../../../model/user-fields.ts';
import { type HeldField, heldAsOf } from '../../../state/values/held-as-of.ts';
import { needState, withSession } from '../command.ts';

export const person = withSession(async (session, line) => {
  needState(session, 'nothing is kept of anybody');
  const { time_zone: zone } = session.settings;
  const day = line.value('as-of') ?? calendarDay(session.io.clock.now(), zone);
  if (!/^\d{4}-\d\d-\d\d$/.test(day))
    throw new ConnectorError('settings', said`--as-of takes a day.`, { hint: 'As in --as-of 2026-03-31.' });
  const { state, store, keys } = await openState(session);
  try {
    const isBy = (at: number) => calendarDay(at, zone) <= day;
    const fields = await heldAsOf(store, keys, line.positionals[0] as string, isBy);
    if (!fields)
      throw new ConnectorError('settings', said`Nothing is kept of this person at the end of ${day}.`, {
        hint: 'Values are kept from the first run on that has keep_values_days above 0, and as long as it says.',
      });
    session.io.stdout.write(`${[`At the end of ${day} Together held:`, ...fields.map(text)].join('\n')}\n`);
    return ExitCode.ok;
  } finally {
    await state.close();
  }
});

const text = ({ field, value, run, rule, isOlder }: HeldField): string =>
  `  ${field}: ${valueText(value)}  (run ${run}${isOlder ? ' or before' : ''}${rule === undefined ? '' : `; ${rule}`})`;
