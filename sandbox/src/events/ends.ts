/** Leaving, ends that move or are taken back, leave of absence. */
import { dayNumber, dayString } from '../company/dates.ts';
import type { EventOf } from './event.ts';
import { alive, midnight, type Scene } from './rows.ts';

export function leave({ person, day, now }: Scene, event: EventOf<'leave'>): string {
  const status = event.status ?? 'T';
  // Without a date: yesterday was the last day, so that access has ended.
  const last = event.date === undefined ? midnight(dayString(dayNumber(day) - 1)) : day;
  for (const job of person.employments) {
    if (job.status === 'T' || job.status === 'R') continue;
    Object.assign(job, {
      status,
      statusStart: last,
      termination: last,
      termReason: '201',
      termType: 'V',
      leaveReason: null,
      changed: now,
    });
  }
  return `left on ${last.slice(0, 10)}`;
}

export function withdraw({ row, day, now }: Scene, event: EventOf<'withdraw'>): string {
  const { termination } = row;
  Object.assign(row, alive, { statusStart: day, changed: now });
  if (event.keepDate) row.termination = termination;
  return `the termination is withdrawn${event.keepDate ? ', its day left on the row' : ''}`;
}

export function reschedule({ row, now }: Scene, event: EventOf<'reschedule'>): string {
  const day = midnight(event.date);
  const moved =
    event.which === 'end'
      ? { termination: day, statusStart: day }
      : {
          lastHire: day,
          statusStart: day,
          ...(row.originalHire === row.lastHire ? { originalHire: day, seniority: day } : {}),
        };
  Object.assign(row, moved, { changed: now });
  return `the ${event.which === 'end' ? 'last' : 'first'} day is ${event.date.slice(0, 10)} now`;
}

export function leaveOfAbsence({ row, day, now }: Scene, { status = 'L' }: { status?: 'L' | 'S' }): string {
  Object.assign(row, { status, statusStart: day, leaveReason: 'FML', changed: now });
  return status === 'S' ? 'was suspended' : 'went on leave';
}

export function comeBack({ row, day, now }: Scene): string {
  Object.assign(row, alive, { statusStart: day, changed: now });
  return 'returned from leave';
}
