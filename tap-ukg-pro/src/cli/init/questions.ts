/** What `tap-ukg-pro init` asks. Loaded for `--help`: nothing here may load the core. */
import type { Question } from '@ukg-together/kit/wizard/question';

type Plain = Omit<Question, 'check' | 'propose'>;

export const questions = {
  base_url: {
    key: 'base_url',
    flag: 'base-url',
    env: 'TAP_UKG_PRO_BASE_URL',
    question: 'Any address that UKG Pro shows under System Configuration > Security > Web Services:',
    kind: 'text',
  },
  username: {
    key: 'username',
    flag: 'username',
    env: 'TAP_UKG_PRO_USERNAME',
    question: 'User name of the web service account (Security > Service Account Administration):',
    kind: 'text',
  },
  password: {
    key: 'password',
    flag: 'password',
    env: 'TAP_UKG_PRO_PASSWORD',
    question: 'Its password.',
    kind: 'secret',
  },
  customer_api_key: {
    key: 'customer_api_key',
    flag: 'customer-api-key',
    env: 'TAP_UKG_PRO_CUSTOMER_API_KEY',
    question: 'The Customer API key: five characters at the top of the same page.',
    kind: 'secret',
  },
  time_zone: {
    key: 'time_zone',
    flag: 'time-zone',
    env: 'TAP_UKG_PRO_TIME_ZONE',
    question: 'Time zone of your UKG (it says which day is today):',
    kind: 'text',
  },
} as const satisfies Record<string, Plain>;

export const missingRight = {
  key: 'try_again',
  flag: 'try-again',
  question: 'Try again, once UKG Pro has it?',
  kind: 'confirm',
} as const satisfies Plain;
