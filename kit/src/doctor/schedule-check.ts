/** Whether something starts a configuration, and whether it did so when it was due. */
import type { Clock } from '../clock.ts';
import { lastDue } from './cron-times.ts';
import { findSchedules, type Places, type Schedule } from './find-schedules.ts';
import { type Check, type Outcome, skipped } from './finding.ts';
import { type Machine, thisMachine } from './machine.ts';

/** Of the runs that the state knows. */
export interface LastRun {
  /** undefined: none has ended. */
  readonly finishedAt: number | undefined;
  readonly isUnderWay: boolean;
}

export interface ScheduleInput {
  readonly configs: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  /** undefined: not known. Asked once other checks are done. */
  readonly lastRun: () => LastRun | undefined;
}

/** It may start late, and take its time. */
const graceMs = 3 * 3_600_000;
const dayMs = 24 * 3_600_000;

export const scheduleCheck = (input: ScheduleInput, places?: Places, machine?: Machine): Check => [
  'schedules',
  () => {
    const config = input.configs.find((path) => path !== 'ENV');
    const found = findSchedules(config, places);
    const [first] = found;
    const last = input.lastRun();
    if (first === undefined) return noneFound(last, input.clock.now(), config);
    const missing = found.find((schedule) => schedule.missing !== undefined);
    if (missing?.missing !== undefined && found.every((schedule) => schedule.missing !== undefined))
      return { verdict: 'warning', message: `${missing.where} is written, and not in place.`, hint: missing.missing };
    return kept(first, last, input.clock.now(), machine);
  },
];

function noneFound(last: LastRun | undefined, now: number, config: string | undefined): Outcome {
  const message =
    'Nothing on this machine starts it: neither crontab, /etc/cron.d and systemd, nor a project beside the settings.';
  const hint = `target-together init --config ${config ?? 'FILE'} --schedule cron (or systemd, github …) writes one; docs/deploy.md has the others.`;
  if (last === undefined) return skipped(message, hint);
  const isYoung = last.isUnderWay || (last.finishedAt !== undefined && now - last.finishedAt < dayMs + graceMs);
  return isYoung
    ? `${message} Something does elsewhere: the last run is less than 27 hours old.`
    : { verdict: 'warning', message, hint };
}

function kept(schedule: Schedule, last: LastRun | undefined, now: number, machine = thisMachine): Outcome {
  const { by, where, times, since } = schedule;
  const zone = schedule.zone ?? machine.timeZone;
  const name = `${by} starts it (${where}${times === undefined ? '' : `, "${times}" in ${zone}`})`;
  const due = times === undefined ? undefined : lastDue(times, zone, now);
  if (due === undefined || last === undefined) return `${name}.`;
  const ended = last.finishedAt === undefined ? 'none has ended yet' : `the last one ended ${text(last.finishedAt)}`;
  const isNew = since !== undefined && since > due;
  const isMissed = !last.isUnderWay && !isNew && now > due + graceMs && !(last.finishedAt && last.finishedAt >= due);
  if (!isMissed) return `${name}; ${ended}.`;
  return {
    verdict: 'warning',
    message: `${name}, but no run has ended since it was due at ${text(due)}: ${ended}.`,
    hint: by in logs ? `Look why: ${logs[by]}` : `Look at the log of ${by}, and start its command once by hand.`,
  };
}

const text = (at: number): string => new Date(at).toISOString();

const logs: Readonly<Record<string, string>> = {
  cron: 'journalctl -t CRON -t cron --since yesterday, and start its line once by hand.',
  systemd: 'systemctl list-timers --all; journalctl -u ukg-together.service --since yesterday',
};
