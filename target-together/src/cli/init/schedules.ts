/** What is made of the files in deploy/ for each way to start a run every night: rows of what stands there and what comes instead. */

import { shellWord } from '@ukg-together/kit/text/shell-word';

/** The section of one half in a settings file. */
export type Section = Readonly<Record<string, unknown>>;

/** What of this machine goes into the files. */
export interface Machine {
  /** Of the settings, a whole path. */
  readonly folder: string;
  readonly config: string;
  readonly user: string;
  readonly zone: string;
  /** Where the executables and node are, for PATH. */
  readonly path: string;
  /** Of the state folder's default, for what runs as this user. */
  readonly state: string;
  /** undefined: the tap is not ours, and this is its command line for a shell. */
  readonly tap: string | undefined;
  readonly executables: Readonly<Record<'tap-ukg-pro' | 'target-together', string>>;
  /** Of the settings file, as they stand there. */
  readonly sections: Readonly<Record<'tap-ukg-pro' | 'target-together', Section>>;
  /** What the catalog beside the settings holds; undefined: there is none. */
  readonly catalog: unknown;
}

/** Instead of what a pattern found, with its first group. */
type Group = (whole: string, group: string) => string;

/** A file of this machine alone, with nothing in deploy/ that it would be like. */
interface OwnFile {
  readonly to: string;
  readonly mode?: number;
  /** Which of those that runners/ makes. */
  readonly own: OwnText;
}

export type OwnText = 'meltano' | 'airbyte source' | 'airbyte destination' | 'airbyte connection';

interface MadeFile {
  /** Below deploy/. */
  readonly from: string;
  /** Below the folder of the settings. */
  readonly to: string;
  readonly mode?: number;
  /** Each must be there; a test holds the rows to the files. */
  readonly instead: (machine: Machine) => readonly (readonly [string | RegExp, string | Group])[];
}

interface Schedule {
  readonly files: readonly (MadeFile | OwnFile)[];
  /** What git must not see of it. */
  readonly ignored?: readonly string[];
  /** What the person does next. */
  readonly next: (machine: Machine) => string;
}

const sync: MadeFile = {
  from: 'sync.sh',
  to: 'sync.sh',
  mode: 0o755,
  instead: ({ folder, config, path, tap }) => [
    [
      'config=${CONFIG:-config.json}',
      `cd ${shellWord(folder)} || exit 1\nPATH=${shellWord(path)}:$PATH\n${tap === undefined ? 'CATALOG=catalog.json\n' : ''}config=${shellWord(config)}`,
    ],
    ...(tap === undefined ? [] : ([[/tap-ukg-pro --config "\$config" \S+ "\$CATALOG"\}/, tap]] as const)),
  ],
};

const organizations = ({ folder }: Machine): string => `${folder}/organizations`;

const schedules = {
  cron: {
    files: [
      sync,
      {
        from: 'cron/ukg-together',
        to: 'ukg-together.cron',
        instead: ({ folder, config, user, path, state }) => [
          ['PATH=/usr/local/bin:/usr/bin:/bin', `PATH=${path}:/usr/local/bin:/usr/bin:/bin`],
          [/CONFIG=\S+\nSTATE_DIR=\S+/, `STATE_DIR=${folder}/state\nXDG_STATE_HOME=${state}`],
          ['ukg-together /usr/local/bin/sync.sh', `${user} ${shellWord(`${folder}/sync.sh`)}`],
          [
            'ukg-together target-together status --config /etc/ukg-together/config.json',
            `${user} cd ${shellWord(folder)} && target-together status --config ${shellWord(config)}`,
          ],
        ],
      },
    ],
    next: ({ folder }) =>
      `Set MAILTO in it, then: sudo cp ${shellWord(`${folder}/ukg-together.cron`)} /etc/cron.d/ukg-together`,
  },
  systemd: {
    files: [
      sync,
      {
        from: 'systemd/ukg-together@.service',
        to: 'ukg-together.service',
        instead: ({ folder, user, state }) => [
          [/^# One organization[^\n]*\n#[^\n]*\n/, ''],
          ['UKG Pro to Together for %i', 'UKG Pro to Together'],
          ['ExecStart=/usr/local/bin/sync.sh', `ExecStart="${folder}/sync.sh"`],
          [/LoadCredential=\S+\nEnvironment=.*/, `Environment="STATE_DIR=${folder}/state" "XDG_STATE_HOME=${state}"`],
          [/DynamicUser=yes\nStateDirectory=.*\nStateDirectoryMode=.*/, `User=${user}`],
          ['ProtectHome=yes', `ProtectHome=read-only\nReadWritePaths="${folder}" "-${state}"`],
        ],
      },
      {
        from: 'systemd/ukg-together@.timer',
        to: 'ukg-together.timer',
        instead: () => [['UKG Pro to Together for %i, every night', 'UKG Pro to Together, every night']],
      },
    ],
    next: ({ folder }) =>
      `sudo cp ${shellWord(`${folder}/ukg-together.service`)} ${shellWord(`${folder}/ukg-together.timer`)} /etc/systemd/system/ && sudo systemctl enable --now ukg-together.timer`,
  },
  meltano: {
    files: [{ to: 'meltano.yml', own: 'meltano' }],
    // Settings of a run, with their secrets, pass through it.
    ignored: ['.meltano/'],
    next: ({ tap }) =>
      `${tap === undefined ? '' : `meltano add ${foreignName(tap)} (and its settings: meltano config set), then: `}meltano run ukg-to-together. The night is a schedule of the project, 03:00 UTC: meltano schedule list. Meltano itself starts it through its orchestrator, or cron: meltano schedule run every-night`,
  },
  airbyte: {
    files: [
      { to: 'airbyte/source.json', own: 'airbyte source' },
      { to: 'airbyte/destination.json', own: 'airbyte destination' },
      { to: 'airbyte/connection.json', own: 'airbyte connection' },
      { from: 'airbyte/create.mjs', to: 'airbyte/create.mjs', instead: () => [] },
    ],
    next: () =>
      'Build both images, add them as custom connectors, and start the Redis of deploy/airbyte/redis.yaml (docs/deploy.md); then airbyte/create.mjs makes source, destination and connection: its head says how. Each {{NAME}} is a variable of .env.',
  },
  dagster: {
    files: [
      sync,
      { from: 'dagster/dagster.yaml', to: 'dagster/dagster.yaml', instead: () => [] },
      {
        from: 'dagster/definitions.py',
        to: 'dagster/definitions.py',
        instead: (machine) => [
          ['"ORGANIZATIONS_DIR", "organizations"', `"ORGANIZATIONS_DIR", ${JSON.stringify(organizations(machine))}`],
          ['str(HERE.parent / "sync.sh")', JSON.stringify(`${machine.folder}/sync.sh`)],
          ['"SYNC_TIME_ZONE", "UTC"', `"SYNC_TIME_ZONE", "${machine.zone}"`],
        ],
      },
    ],
    next: ({ folder, config }) =>
      `mkdir -p ${shellWord(`${folder}/organizations`)} && ln -s ../${shellWord(config)} ${shellWord(`${folder}/organizations/together.json`)} && dagster dev -f dagster/definitions.py`,
  },
  airflow: {
    files: [
      sync,
      {
        from: 'airflow/ukg_to_together.py',
        to: 'airflow/ukg_to_together.py',
        instead: (machine) => [
          [/\/etc\/ukg-together\/organizations/g, JSON.stringify(organizations(machine)).slice(1, -1)],
          ['"/var/lib/ukg-together"', JSON.stringify(`${machine.folder}/state`)],
          ['"/usr/local/bin/sync.sh"', JSON.stringify(`${machine.folder}/sync.sh`)],
        ],
      },
    ],
    next: ({ folder, config }) =>
      `mkdir -p ${shellWord(`${folder}/organizations`)} && ln -s ../${shellWord(config)} ${shellWord(`${folder}/organizations/together.json`)}, make the pool that the file names, and copy airflow/ukg_to_together.py into your DAGs folder.`,
  },
  kubernetes: {
    files: [
      {
        from: 'kubernetes/cronjob.yaml',
        to: 'kubernetes/cronjob.yaml',
        instead: ({ zone }) => [
          ['timeZone: Etc/UTC', `timeZone: ${zone}`],
          [
            /( +)env:\n/,
            (_, blanks) =>
              [
                '# The variables that the settings name: from .env, or from your own store.',
                'envFrom:',
                '  - secretRef:',
                '      name: ukg-to-together-secrets',
                'env:',
                '  - name: CATALOG',
                '    value: /settings/catalog.json\n',
              ]
                .map((line) => `${blanks}${line}`)
                .join('\n'),
          ],
          ['--from-file=config.json', '--from-file=config.json --from-file=catalog.json'],
        ],
      },
    ],
    next: ({ config }) =>
      `kubectl create secret generic ukg-to-together --from-file=config.json=${shellWord(config)} --from-file=catalog.json && kubectl create secret generic ukg-to-together-secrets --from-env-file=.env && kubectl apply -f kubernetes/cronjob.yaml`,
  },
  github: {
    files: [
      {
        from: 'github/nightly-sync.yml',
        to: '.github/workflows/nightly-sync.yml',
        instead: () => [
          [/\bUKG_(PASSWORD|CUSTOMER_API_KEY)\b/g, (_, name) => `TAP_UKG_PRO_${name}`],
          [/(?<!TARGET_)\bTOGETHER_API_KEY\b/g, 'TARGET_TOGETHER_API_KEY'],
          ['npx tap-ukg-pro --config config.json', 'npx tap-ukg-pro --config config.json --catalog catalog.json'],
        ],
      },
    ],
    next: () =>
      'The head of the file says which secrets GitHub needs. In a private repository: git add -f config.json catalog.json (they hold references only) .github',
  },
} as const satisfies Record<string, Schedule>;

/** undefined: there is no file to make, and docs/deploy.md says how. */
export const scheduleOf = (name: string): Schedule | undefined =>
  Object.hasOwn(schedules, name) ? schedules[name as keyof typeof schedules] : undefined;

const all = Object.values(schedules).flatMap(({ files }): readonly (MadeFile | OwnFile)[] => files);

/** Below deploy/. */
export const scheduleSources = [...new Set(all.flatMap((file) => ('from' in file ? [file.from] : [])))];

/** Where the texts come from. */
export interface Texts {
  /** Of deploy/, by path. */
  readonly deploy: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<OwnText, (machine: Machine) => string>>;
}

/** The file's text for this machine. */
export function madeText(file: MadeFile | OwnFile, { deploy, own }: Texts, machine: Machine): string {
  if ('own' in file) return own[file.own](machine);
  return file.instead(machine).reduce(
    // A function, since a path may hold what replace() takes for a pattern of its own.
    (made, [old, now]) => made.replace(old, typeof now === 'function' ? now : () => now),
    deploy[file.from] ?? '',
  );
}

/** `tap-x --config tap.json` is the plugin tap-x. */
export const foreignName = (command: string): string => command.split(' ')[0]?.split('/').at(-1) ?? command;
