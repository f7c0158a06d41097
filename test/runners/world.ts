/** Both sandbox servers with invented people, the settings that fit them, and what came of a run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedUsers } from '@ukg-together/sandbox/expected';
import { startTogether, type TogetherOptions, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { startUkg, type UkgOptions, type UkgServer } from '@ukg-together/sandbox/ukg-server';
import { differences } from '../support/pipe.ts';
import { assert, equal, folder, root, writeJson } from './tools.ts';

export interface World {
  readonly ukg: UkgServer;
  readonly together: TogetherServer;
  /** A folder of this world's own. */
  readonly folder: string;
  readonly tapSettings: Record<string, unknown>;
  readonly targetSettings: Record<string, unknown>;
  /** One file with both halves. */
  readonly config: string;
  /** How many users Together holds. */
  held(): number;
  /** Requests that wrote, since the last `forget`. */
  posts(): number;
  /** Users received by those. */
  sent(): number;
  forget(): void;
  /** Together holds what an independent computation expects of everybody, field by field; `only`: these fields. */
  right(only?: readonly string[]): void;
  /** The limit that Together enforces has been kept: one request at a time, a second apart. */
  limitKept(): void;
}

/** The streams that a ready catalog selects whole. */
const { streams } = JSON.parse(readFileSync(join(root, 'catalog/ukg-pro.everything.json'), 'utf8')) as {
  streams: { stream: string }[];
};

/** With it discovery shows every stream, and UKG is told what it wants where it answers piece by piece; the values are the sandbox's. */
export const piecemeal = {
  include_fields: [...streams.map(({ stream }) => stream), 'general_ledger']
    .filter((stream) => stream !== 'employees')
    .map((stream) => `${stream}.*`),
  start_date: '2020-01-01',
  platform_configuration_classes: ['EmployeeCustomFields'],
  deduction_codes: ['MED'],
  pay_statements: { from: '2020-01-01' },
  audit_details: [{ table_name: 'EmpComp', field_name: 'EecEmplStatus' }],
};

/** Streams that the sandbox does not have, since nothing states what UKG answers. */
export const absent: readonly string[] = ['deductions', 'benefit_reduction', 'insurance_rate', 'option_rate'];

/** The two halves under the limits that Together really has; people without mistakes unless `options` says otherwise. */
export async function withWorld<T>(
  options: { ukg?: UkgOptions; together?: TogetherOptions; tap?: object; target?: object },
  use: (world: World) => Promise<T>,
): Promise<T> {
  const place = await folder('runners');
  const ukg = await startUkg({ people: 60, clean: true, ...options.ukg });
  const together = await startTogether({ ...options.together });
  try {
    const tapSettings = {
      base_url: ukg.url,
      username: ukg.credentials.username,
      password: ukg.credentials.password,
      customer_api_key: ukg.credentials.customerApiKey,
      time_zone: 'America/New_York',
      ...options.tap,
    };
    const targetSettings = {
      api_url: together.url,
      organization_id: together.credentials.organizationId,
      client_id: together.credentials.clientId,
      api_key: together.credentials.apiKey,
      state_dir: join(place.path, 'ledger'),
      ...options.target,
    };
    const config = await writeJson(join(place.path, 'config.json'), {
      'tap-ukg-pro': tapSettings,
      'target-together': targetSettings,
    });
    const posts = () => together.journal.entries.filter((entry) => entry.method === 'POST');
    return await use({
      ukg,
      together,
      folder: place.path,
      tapSettings,
      targetSettings,
      config,
      held: () => together.users.size,
      posts: () => posts().length,
      sent: () => posts().reduce((sum, entry) => sum + (entry.ids?.length ?? entry.rows ?? 0), 0),
      forget: () => {
        together.journal.clear();
        ukg.journal.clear();
      },
      right: (only) => {
        const expected = expectedUsers(ukg.world);
        const wrong = differences(together, expected).filter((difference) => {
          const what = difference.slice(difference.indexOf(': ') + 2);
          return only === undefined || what === 'missing' || what.includes(' ') || only.includes(what);
        });
        equal(wrong.slice(0, 5), [], 'what Together holds otherwise than expected');
        assert(expected.size > 0, 'nobody was expected');
      },
      limitKept: () => equal(together.journal.violations().length, 0, 'requests that broke the limit'),
    });
  } finally {
    await Promise.all([ukg.close(), together.close()]);
    await place.dispose();
  }
}

/** Those of the README. */
export const threeRights = ['Employee Person Details', 'Personnel Integration', 'Company Configuration Integration'];
export const canary = 'qzcanary';

/** Puts values that can be found again into what the tap takes for sensitive. */
export function markSensitive({ ukg: { world } }: World): void {
  for (let index = 0; index < world.size; index++) {
    const person = world.open(index);
    for (const field of ['ssn', 'formerName', 'homePhone', 'line1', 'line2', 'city', 'zip'] as const)
      person[field] = `${canary}${field}${index}`;
  }
}
