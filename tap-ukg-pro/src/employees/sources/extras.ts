/** The optional sources of `employees`: what each adds to a person, kept until the person's own row comes. */

import { convert } from '../../records/convert.ts';
import { readRecords } from '../../records/read-records.ts';
import type { UkgRecord } from '../../records/record.ts';
import type { PlanDeps } from '../../requests/planned-request.ts';
import { employeeField, type Source } from '../../streams/employees.ts';
import { ukgStream } from '../../streams/index.ts';
import { requestsOf, type Scope } from './requests-by-person.ts';

export interface ExtraDeps extends PlanDeps {
  /** A day; promotions after it have not happened yet. */
  readonly today: string;
  readonly scope: Scope;
}

/** Parts of records, keyed by person; those of one employment only carry its company. */
export interface Part {
  readonly companyId?: string;
  readonly values: UkgRecord;
}

type Collect = (deps: ExtraDeps, keep: (employeeId: string, part: Part) => void) => Promise<void>;

const supervisor: Collect = async (deps, keep) => {
  const stream = ukgStream('employee_supervisor_details');
  await readRecords(deps, {
    stream,
    requests: await requestsOf(deps, deps.scope, stream),
    selected: new Set([
      ...stream.key,
      'supervisorEmail',
      'supervisorWorkPhone',
      'supervisorPersonId',
      'supervisorStatusCode',
    ]),
    take: (row) =>
      keep(String(row['employeeId']), {
        companyId: String(row['companyId']),
        values: {
          supervisorEmailAddress: row['supervisorEmail'],
          supervisorWorkPhone: row['supervisorWorkPhone'],
          supervisorPersonId: row['supervisorPersonId'],
          supervisorStatusCode: row['supervisorStatusCode'],
        },
      }),
  });
};

const history: Collect = async (deps, keep) => {
  const stream = ukgStream('employee_job_history_details');
  await readRecords(deps, {
    stream,
    // The filter spares pages; the row's own flag decides, in case it is ignored.
    requests: await requestsOf(deps, deps.scope, stream, { isPromotion: 'true' }),
    selected: new Set(['systemId', 'employeeId', 'isPromotion', 'jobEffectiveDate']),
    take: ({ employeeId, isPromotion, jobEffectiveDate: date }) => {
      if (isPromotion === true && typeof date === 'string' && date <= deps.today) {
        keep(String(employeeId), { values: { lastPromotionDate: date } });
      }
    },
  });
};

const userDefined: Collect = async (deps, keep) => {
  const stream = ukgStream('user_defined_fields');
  await readRecords(deps, {
    stream,
    requests: await requestsOf(deps, deps.scope, stream),
    selected: new Set(stream.fields.map(({ name }) => name)),
    take: (row) => {
      const values: UkgRecord = {};
      const byLabel: UkgRecord = {};
      for (const group of ['personnelUserDefinedFields', 'internationalUserDefinedFields']) {
        for (const [name, field] of Object.entries((row[group] ?? {}) as Record<string, unknown>)) {
          const known = employeeField(name.replace(/^(personnel|international)UdField/i, '$1UDField'));
          const { field: label, value } = (field ?? {}) as { field?: unknown; value?: unknown };
          if (value === null || value === undefined) continue;
          const kind = known?.kind ?? 's';
          // A tenant may keep text where the specification says number: then the text is kept by its label.
          const read = convert(kind, value, deps.times) ?? null;
          if (known) values[known.name] = read;
          if (typeof label === 'string' && label !== '__proto__') byLabel[label] ??= read ?? value;
        }
      }
      values['userDefinedFields'] = byLabel;
      keep(String(row['employeeId']), { values });
    },
  });
};

/**
 * UNVERIFIED: what `keyName` and `keyValue` hold is not documented. A row belongs to the person whose employeeId is its
 * keyValue; rows of other keys (companies, jobs) belong to no person.
 */
const platform: Collect = async (deps, keep) => {
  if ((deps.settings.platform_configuration_classes ?? []).length === 0) return;
  const stream = ukgStream('platform_configuration_fields');
  await readRecords(deps, {
    stream,
    requests: await requestsOf(deps, deps.scope, stream),
    selected: new Set(stream.fields.map(({ name }) => name)),
    take: (row) => {
      const fields: UkgRecord = {};
      for (const item of (row['fieldRows'] ?? []) as unknown[]) {
        const { fieldName, fieldValue } = (item ?? {}) as { fieldName?: unknown; fieldValue?: unknown };
        if (typeof fieldName === 'string' && fieldName !== '__proto__') fields[fieldName] = fieldValue ?? null;
      }
      keep(String(row['keyValue']), { values: { platformFields: { [String(row['className'])]: fields } } });
    },
  });
};

const collectors: Partial<Record<Source, Collect>> = { supervisor, history, userDefined, platform };

/** Reads the optional sources among `sources`; `keep` gets what each knows of a person, wanted or not. */
export async function readExtras(
  deps: ExtraDeps,
  sources: ReadonlySet<Source>,
  keep: (employeeId: string, part: Part) => void,
): Promise<void> {
  await Promise.all([...sources].map(async (source) => collectors[source]?.(deps, keep)));
}

/** Puts a person's parts into the record: of promotions the newest, of employments the one that counts. */
export function addParts(
  record: UkgRecord,
  parts: readonly Part[],
  companyId: string | null,
  wanted: ReadonlySet<string>,
): void {
  for (const { companyId: of, values } of parts) {
    if (of !== undefined && of !== companyId) continue;
    for (const [name, value] of Object.entries(values)) {
      if (!wanted.has(name) || value === null || value === undefined) continue;
      const old = record[name];
      if (name === 'lastPromotionDate' && typeof old === 'string' && old >= (value as string)) continue;
      record[name] = name === 'platformFields' ? mergeClasses(old as Classes | null, value as Classes) : value;
    }
  }
}

type Classes = Record<string, Record<string, unknown>>;

/** A class may come in several rows for one person. */
function mergeClasses(old: Classes | null, added: Classes): Classes {
  const merged = { ...old };
  for (const [name, fields] of Object.entries(added)) merged[name] = { ...merged[name], ...fields };
  return merged;
}
