/** What `target-together init` asks. Loaded for `--help`: nothing here may load the core. */
import type { Question } from '@ukg-together/kit/wizard/question';

type Plain = Omit<Question, 'check' | 'propose'>;

const regions = { us: 'United States', eu: 'European Union', ca: 'Canada', au: 'Australia' };

/** In the order in which they are asked. */
export const questions = {
  time_zone: {
    key: 'time_zone',
    flag: 'time-zone',
    env: 'TARGET_TOGETHER_TIME_ZONE',
    question: 'Time zone of the company (it says which day is today):',
    kind: 'text',
  },
  region: {
    key: 'region',
    flag: 'region',
    env: 'TARGET_TOGETHER_REGION',
    question: `Region of your organization in Together: ${Object.keys(regions).join(', ')}.`,
    kind: 'text',
  },
  organization_id: {
    key: 'organization_id',
    flag: 'organization-id',
    env: 'TARGET_TOGETHER_ORGANIZATION_ID',
    question: 'Organization id, as Together support supplied it:',
    kind: 'text',
  },
  client_id: {
    key: 'client_id',
    flag: 'client-id',
    env: 'TARGET_TOGETHER_CLIENT_ID',
    question: 'Client id:',
    kind: 'text',
  },
  api_key: {
    key: 'api_key',
    flag: 'api-key',
    env: 'TARGET_TOGETHER_API_KEY',
    question: 'API key.',
    kind: 'secret',
  },
} as const satisfies Record<string, Plain>;

export const take = {
  key: 'take',
  flag: 'take',
  question: 'Which of these proposals go into the settings? all, none, or numbers such as 1,3:',
  kind: 'text',
} as const satisfies Plain;

export const schedule = {
  key: 'schedule',
  flag: 'schedule',
  question: 'What starts it every night?',
  kind: 'choice',
  choices: {
    none: 'nothing yet',
    cron: 'cron',
    systemd: 'a systemd timer',
    meltano: 'Meltano',
    airbyte: 'Airbyte',
    dagster: 'Dagster',
    airflow: 'Airflow',
    kubernetes: 'a CronJob of Kubernetes',
    github: 'GitHub Actions',
  },
} as const satisfies Plain;

export const replace = {
  key: 'replace',
  flag: 'replace',
  question: 'Replace them?',
  kind: 'confirm',
} as const satisfies Plain;

/** Of tap-ukg-pro's own `init`, which is started first where that program is there. */
export const tapFlags = ['base-url', 'username', 'password', 'customer-api-key'] as const;
