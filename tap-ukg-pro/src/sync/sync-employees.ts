/**
 * `employees` as a stream: everybody, or those who changed. A changed person is read whole again, all employments, so
 * that a record never mixes old and new. What changes a record without touching a row of the person (an org level
 * renamed, a supervisor's name, a user-defined field) is caught by the read of everybody that is due every
 * `full_read_interval_hours`. See docs/increments.md.
 */
import { isDue } from '@ukg-together/kit/days/due';
import { counted } from '@ukg-together/kit/text/show';
import type { EmployeesDeps } from '../employees/people-read.ts';
import { readEmployees } from '../employees/read-employees.ts';
import { readRecords } from '../records/read-records.ts';
import { planChanged, planRequests } from '../requests/plan-requests.ts';
import { cursorField } from '../streams/employees.ts';
import { ukgStream } from '../streams/index.ts';
import { advance, asInstant, changedSince, later } from '../time/window.ts';
import type { StreamContext, StreamEnd } from './stream-context.ts';

/** Up to this many changed people are asked for one by one; more are sought in a read of all pages. */
const maxLookUps = 25;
const hourMs = 3_600_000;

export async function syncEmployees(context: StreamContext): Promise<StreamEnd> {
  const { bookmark, settings, startMs, log } = context;
  const deps = (version: number | undefined): EmployeesDeps => ({
    ...context,
    emitRecord: (record) => context.emitRecord(record, version),
  });
  if (context.test) {
    const ids = await anybody(context);
    await readEmployees(deps(undefined), context.selectedFields, { ids, lookUp: true });
    return { bookmark };
  }
  const old = asInstant(bookmark.replication_key_value);
  const signature = signatureOf(context);
  const reason = fullReadReason(context, old, signature);
  if (reason !== undefined) {
    log.info(`employees: reading everybody (${reason}).`);
    const { newest, neverChanged } = await readEmployees(deps(startMs), context.selectedFields, {});
    return {
      bookmark: {
        ...toBookmark(advance(old, newest, startMs), new Date(startMs).toISOString(), signature, neverChanged),
        last_read: 'complete',
      },
      complete: { version: startMs },
    };
  }
  const changed = await changedPeople(context, old as string);
  const lookUp = changed.ids.size <= maxLookUps;
  log.info(
    `employees: ${counted(changed.ids.size, 'person', 'people')} changed since the window's start; ${lookUp ? 'asking for them one by one' : 'seeking them in all pages'}.`,
  );
  if (changed.ids.size > 0) await readEmployees(deps(undefined), context.selectedFields, { ids: changed.ids, lookUp });
  const value = advance(old, changed.newest, startMs);
  const lastFullRead = bookmark['last_full_read'] as string;
  return {
    bookmark: {
      ...toBookmark(value, lastFullRead, signature, changed.neverChanged),
      // For a target that has lost its own memory: the people of this read are not all.
      last_read: 'increment',
    },
  };

  function toBookmark(value: string | undefined, lastFullRead: string, read: string, neverChanged: boolean) {
    return {
      replication_key: cursorField,
      ...(value === undefined ? {} : { replication_key_value: value }),
      last_full_read: lastFullRead,
      read_signature: read,
      never_changed_rows: neverChanged,
    };
  }

  function fullReadReason(at: StreamContext, value: string | undefined, read: string): string | undefined {
    if (at.stream.replicationMethod === 'FULL_TABLE') return 'FULL_TABLE';
    const last = asInstant(bookmark['last_full_read']);
    if (last === undefined) return 'there was no complete read yet';
    if (value === undefined) return 'there is no bookmark yet';
    if (bookmark['read_signature'] !== read)
      return 'fields, filters or settings have changed since the last complete read';
    const ageHours = (startMs - Date.parse(last)) / hourMs;
    if (ageHours < 0) return 'the last complete read lies in the future of this clock';
    if (isDue(Date.parse(last), startMs, settings.full_read_interval_hours * hourMs)) {
      return `the last complete read is ${counted(Math.round(ageHours), 'hour')} old`;
    }
    return undefined;
  }
}

/** Whose person row or any of whose employments changed; the rows themselves may be only a part of the person. */
async function changedPeople(
  context: StreamContext,
  bookmark: string,
): Promise<{ ids: Set<string>; newest: string | undefined; neverChanged: boolean }> {
  const ids = new Set<string>();
  let newest: string | undefined;
  const since = changedSince(bookmark, context.settings.lookback_days, context.times);
  let neverChanged = context.bookmark['never_changed_rows'] !== false;
  const createdToo = neverChanged;
  await Promise.all(
    ['person_details', 'employment_details'].map(async (name) => {
      const stream = ukgStream(name);
      await readRecords(context, {
        stream,
        requests: await planChanged(context, stream, since.value, createdToo),
        selected: new Set([...stream.key, cursorField, 'dateTimeCreated']),
        take(record) {
          const timestamp = record[cursorField] ?? record['dateTimeCreated'];
          if (record[cursorField] === null) neverChanged = true;
          if (!since.mayHold(timestamp)) return;
          ids.add(record['employeeId'] as string);
          newest = later(newest, timestamp);
        },
      });
    }),
  );
  ids.delete('');
  return { ids, newest, neverChanged };
}

/** The person of the first employment, for a test of the connection. */
async function anybody(context: StreamContext): Promise<Set<string>> {
  const ids = new Set<string>();
  const stream = ukgStream('employment_details');
  const [plain] = await planRequests(context, stream);
  if (plain === undefined) return ids;
  await readRecords(context, {
    stream,
    requests: [{ ...plain, pageSize: 1 }],
    selected: new Set(stream.key),
    limit: 1,
    take: ({ employeeId }) => void ids.add(employeeId as string),
  });
  return ids;
}

/** Whatever changes what a record holds: when it differs from the last complete read's, an increment would not do. */
function signatureOf({ selectedFields, settings }: StreamContext): string {
  const text = JSON.stringify([
    [...selectedFields].sort(),
    settings.filters,
    settings.company_ids ?? [],
    settings.department_org_level ?? 0,
    settings.home_company_source,
    settings.time_zone,
    settings.hire_lead_days,
    settings.transfer_grace_days,
    settings.transfer_reasons,
    settings.mark_left_out,
    settings.platform_configuration_classes ?? [],
  ]);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
