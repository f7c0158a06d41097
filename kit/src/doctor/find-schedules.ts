/** The schedules of this machine, and those beside the settings, that start a configuration. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';

export interface Schedule {
  /** What starts it: `cron`, `systemd` … */
  readonly by: string;
  readonly where: string;
  /** In five fields, or a name such as `@daily`, as it is written; undefined: that can't be read. */
  readonly times: string | undefined;
  /** undefined: this machine's. */
  readonly zone: string | undefined;
  /** When the file was written, in milliseconds since 1970. */
  readonly since: number | undefined;
  /** The command that puts it in place; undefined: it is, or that can't be seen from here. */
  readonly missing?: string;
}

/** Where schedules are looked for. */
export interface Places {
  readonly etc: string;
  /** Of this user's units. */
  readonly units: string;
  readonly crontab: () => string;
}

const thesePlaces: Places = {
  etc: '/etc',
  units: join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'systemd', 'user'),
  crontab: () => spawnSync('crontab', ['-l'], { encoding: 'utf8', timeout: 5000 }).stdout ?? '',
};

/** Of a run, not of a monitor beside it. */
const starts = /sync\.sh|tap-ukg-pro|target-together(?! (?:status|doctor|verify))/;

/** `config`: the settings file; undefined where there is none, and the working folder counts. */
export function findSchedules(config: string | undefined, places: Places = thesePlaces): Schedule[] {
  const path = resolve(config ?? 'config.json');
  const folder = dirname(path);
  const isFor = (text: string) => starts.test(text) && (text.includes(path) || text.includes(`${folder}/`));
  const inPlace = [...cronTables(places, isFor), ...units(places, path, isFor)];
  return inPlace.length > 0 ? inPlace : [...notInPlace(folder), ...projects(folder)];
}

function cronTables({ etc, crontab }: Places, isFor: (text: string) => boolean): Schedule[] {
  const files = [join(etc, 'crontab'), ...within(join(etc, 'cron.d'))].map((path) => ({ path, text: textOf(path) }));
  return [{ path: 'crontab -l', text: crontab() }, ...files].flatMap(({ path, text }) => {
    if (!isFor(text)) return [];
    const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#') && starts.test(line));
    return lines.slice(0, 1).map((line) => ({
      by: 'cron',
      where: path,
      times: /^\s*(@\w+|(?:\S+\s+){4}\S+)/.exec(line)?.[1],
      zone: /^CRON_TZ=(\S+)/m.exec(text)?.[1],
      since: writtenAt(path),
    }));
  });
}

function units({ etc, units: own }: Places, config: string, isFor: (text: string) => boolean): Schedule[] {
  return [join(etc, 'systemd', 'system'), own].flatMap((folder) =>
    within(folder)
      .filter((path) => path.endsWith('.timer'))
      .flatMap((path) => {
        const stem = basename(path, '.timer');
        const instance = stem.endsWith('@') ? basename(config, extname(config)) : '';
        const service = textOf(join(folder, `${stem}.service`)).replaceAll('%i', instance);
        if (!isFor(service)) return [];
        const name = `${stem}${instance}.timer`;
        const [, times, zone] = /^OnCalendar=(.*?)(?: ([A-Z]\w*\/[\w/]+|UTC))?\s*$/m.exec(textOf(path)) ?? [];
        const isEnabled = within(join(folder, 'timers.target.wants')).some((link) => basename(link) === name);
        const user = folder === own ? ' --user' : '';
        return {
          by: 'systemd',
          where: join(folder, name),
          times: ofCalendar(times ?? ''),
          zone,
          since: writtenAt(path),
          ...(!isEnabled && { missing: `systemctl${user} enable --now ${name}` }),
        };
      }),
  );
}

/** Only what happens at one time of every day. */
function ofCalendar(times: string): string | undefined {
  const [, hour, minute] = /^(?:\*-\*-\* )?(\d\d?):(\d\d)(?::\d\d)?$/.exec(times) ?? [];
  if (hour !== undefined) return `${Number(minute)} ${Number(hour)} * * *`;
  return ['hourly', 'daily'].includes(times) ? `@${times}` : undefined;
}

/** What `init` has written and a person has to put where it works. */
function notInPlace(folder: string): Schedule[] {
  const made = [
    ['cron', 'ukg-together.cron', (path: string) => `sudo cp ${path} /etc/cron.d/ukg-together`],
    [
      'systemd',
      'ukg-together.timer',
      (path: string) =>
        `sudo cp ${path} ${path.replace(/timer$/, 'service')} /etc/systemd/system/ && sudo systemctl enable --now ukg-together.timer`,
    ],
  ] as const;
  return made.flatMap(([by, name, command]) => {
    const path = join(folder, name);
    const since = writtenAt(path);
    return since === undefined
      ? []
      : [{ by, where: path, times: undefined, zone: undefined, since, missing: command(path) }];
  });
}

/** Projects of runners in the folder: they name the settings by places of their own. */
function projects(folder: string): Schedule[] {
  const places = [
    ['Meltano', ['meltano.yml'], /^schedules:/m, 'UTC'],
    ['GitHub Actions', within(join(folder, '.github', 'workflows')), /^ +schedule:/m, 'UTC'],
    ['Kubernetes', within(join(folder, 'kubernetes')), /kind: CronJob/, 'UTC'],
    ['Dagster', ['dagster/definitions.py'], /cron_schedule=/, undefined],
    ['Airflow', within(join(folder, 'airflow')), /schedule=/, undefined],
  ] as const;
  return places.flatMap(([by, names, has, zone]) =>
    names.flatMap((name) => {
      const path = resolve(folder, name);
      const text = textOf(path);
      if (!has.test(text) || !/ukg-to-together|ukg_to_together|tap-ukg-pro|target-together/.test(text)) return [];
      const times = /(?:cron|schedule|interval)['"]?[:=(][^@\d*\n]*(@\w+|[\d*][\d*/,-]*(?: +[\d*/,-]+){4})/.exec(
        text,
      )?.[1];
      const own = /timeZone: (\S+)|"SYNC_TIME_ZONE", "([^"]+)"/.exec(text);
      return { by, where: path, times, zone: own?.[1] ?? own?.[2] ?? zone, since: writtenAt(path) };
    }),
  );
}

function within(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return statSync(path).size < 1_000_000 ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

function writtenAt(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
