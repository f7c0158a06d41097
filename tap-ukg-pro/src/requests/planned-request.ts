import type { Clock } from '@ukg-together/kit/clock';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Settings } from '../settings/settings.ts';
import type { Times } from '../time/time.ts';
import type { UkgClient } from '../ukg/client.ts';
import type { StreamRequest } from '../ukg/paging.ts';
import type { Row } from '../ukg/row.ts';

export interface PlanDeps extends ReadDeps {
  readonly settings: Settings;
  readonly clock: Clock;
}

export function text(row: Row, name: string): string | undefined {
  const value = row[name] ?? row[Object.keys(row).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export interface ReadDeps {
  readonly client: UkgClient;
  readonly log: Logger;
  readonly times: Times;
  readonly settings: Pick<Settings, 'keep_unknown_fields' | 'company_ids' | 'page_size'>;
}

export interface PlannedRequest extends StreamRequest {
  /** What the request knows and the rows don't say, by record name. */
  readonly extra?: Readonly<Record<string, string>>;
  /** It asks for one person: a 404 then says that the person is not there. */
  readonly onePerson?: true;
}
