/** `target-together explain PERSON`: one person's story, from the record to what would be sent. */
import { ExitCode } from '@ukg-together/kit/error';
import { logFailure } from '@ukg-together/kit/log/failure';
import { counted } from '@ukg-together/kit/text/show';
import { executeRun } from '../../app/execute-run.ts';
import type { OpenState } from '../../app/open-state.ts';
import type { Session } from '../../app/session.ts';
import type { MappingStep } from '../../mapping/compile.ts';
import { wasSent } from '../../model/access.ts';
import { isKept } from '../../model/keep-reason.ts';
import { withoutCode } from '../../model/text/shown-value.ts';
import { fieldOf } from '../../model/user-fields.ts';
import { Kind } from '../../people/person.ts';
import { shownSupervisor } from '../../people/shown-supervisor.ts';
import { upcomingText } from '../../report/upcoming-text.ts';
import type { Read } from '../../run/collect-step.ts';
import type { Ended } from '../../run/end-step.ts';
import type { Planned } from '../../run/plan-step.ts';
import { isFilled } from '../../state/changes.ts';
import type { AcceptedFields } from '../../state/ledger/ledger.ts';
import { mappingClause } from '../../state/mapping-memory.ts';
import type { RunState } from '../../state/run-state.ts';
import { withSession } from './command.ts';
import { findPeople } from './look/find-person.ts';
import { levelOf, singerReader } from './singer-io.ts';

export const explain = withSession(async (session, line) => {
  const { io } = session;
  const wanted = line.positionals[0] as string;
  const showValues = line.has('redact') ? levelOf(line) !== 'ids' : true;
  let text = '';
  const { error } = await executeRun(session, {
    mode: 'explain',
    protocol: 'singer',
    files: {},
    level: 'ids',
    read: singerReader(line, io),
    own: async (made, opened) => {
      text = (await storyOf(session, made, opened, wanted, showValues)).join('\n');
    },
  });
  // A guard that would stop the run is part of the story, not a failure of telling it.
  if (error && error.kind !== 'guard') return logFailure(io.log, error);
  io.stdout.write(`${text}\n`);
  return ExitCode.ok;
});

/** Of the person who is meant; where that may be several people, their ids. */
async function storyOf(session: Session, ended: Ended, opened: OpenState, wanted: string, showValues: boolean) {
  const { ids, by } = findPeople(ended.read.people, wanted);
  if (ids.length > 1) return [`${ids.length} people have this ${by}. Ask for one of them by employeeId:`, ...ids];
  const [id = wanted] = ids;
  const lines = await story(session, ended, opened, id, showValues);
  return by === undefined ? lines : [`${lines[0]} (found by ${by})`, ...lines.slice(1)];
}

async function story(
  session: Session,
  result: Ended,
  { state }: OpenState,
  id: string,
  showValues: boolean,
): Promise<string[]> {
  const { read, planned } = result;
  const { people } = read;
  const lines = [`employeeId ${id}`, ''];
  const at = people.ids.find(id);
  const found: number[] = [];
  for (let person = 0; person < people.size; person++) {
    if (at >= 0 && people.idAt(person) === at && people.kind(person) !== Kind.superseded) found.push(person);
  }
  if (found.length === 0) {
    lines.push(
      `Not among the ${counted(people.count, 'person', 'people')} read${read.collected.complete ? ', which were all people' : ''}.`,
    );
    if (at >= 0) lines.push('Other people name this id as supervisor.');
  }
  for (const person of found) lines.push(...(await recordStory(session, read, person, showValues)));
  lines.push(...dayStory(result, id), '', ...ledgerStory(state, id));
  if (!planned) return lines;
  const before = await state.ledger.fields(id);
  for (const person of found) {
    lines.push('', ...planStory(planned, person, showValues));
    if (before && planned.plan.action(person) !== 'excluded') lines.push(...staleStory(planned, person, before));
  }
  const changed = mappingClause(result.summary.mapping.changed);
  if (changed !== null) lines.push('', `Mapping   ${changed}`);
  lines.push(...newIdStory(planned, id));
  const tripped = result.summary.guards.filter((guard) => guard.verdict === 'tripped');
  if (tripped.length > 0)
    lines.push('', `Guards    ${tripped.map((guard) => guard.name).join(', ')} would stop this run.`);
  return lines;
}

async function recordStory(
  session: Session,
  { people, collected }: Read,
  person: number,
  showValues: boolean,
): Promise<string[]> {
  const { stream, record } = JSON.parse(people.raw(person)) as { stream: string; record: Record<string, unknown> };
  const mapping = session.mapping.of(stream);
  const lines = [
    `Record    stream ${stream}, line ${people.line(person)}; ${collected.complete ? 'a complete read' : 'a partial read'}`,
  ];
  if (!mapping) return lines;
  const { steps, mapped } = await mapping.explain(record);
  lines.push('Mapping');
  for (const step of steps) lines.push(`  ${stepLine(step, session.settings.sensitive_fields, showValues)}`);
  for (const { field, reason } of mapping.notSent) lines.push(`  ${field}: not sent, ${reason}`);
  const filter = people.filter(person);
  lines.push(filter === undefined ? 'Scope     in scope' : `Scope     excluded by filter ${filter}`);
  if (mapped.kind === 'invalid' && !isKept(filter))
    for (const fault of mapped.faults)
      lines.push(`Fault     ${(showValues ? fault : withoutCode(fault)).message} ${fault.fix}`);
  return lines;
}

/** What a first or last day holds up, and what is no longer to come. */
function dayStory({ read: { facts }, summary }: Ended, id: string): string[] {
  const ahead = facts.calendar.filter((day) => day.id === id);
  return [
    ...ahead.map((day) => `Days      ${upcomingText(day, summary.started_at)}: until then nothing of it is sent`),
    ...(facts.withdrawn.includes(id)
      ? ['Days      was to leave, and is not any more: withdrawn; nothing had been sent']
      : []),
  ];
}

function stepLine(step: MappingStep, sensitiveFields: readonly string[], showValues: boolean): string {
  const hidden = !showValues || sensitiveFields.includes(step.field) || fieldOf(step.field)?.sensitive === true;
  const say = (value: unknown) =>
    value === undefined
      ? 'absent'
      : hidden
        ? value === null || value === ''
          ? 'empty'
          : 'filled'
        : JSON.stringify(value);
  const read = step.read.map(({ source, value }) => `${source} = ${say(value)}`).join(', ');
  const outcome = {
    sent: () => `sent as ${say(step.value)}`,
    left_out: () => 'left out',
    cleared: () => 'cleared',
    fault: () => `fault: ${step.fault?.code ?? ''}`,
  }[step.outcome]();
  const remark = step.remark === undefined ? '' : `, ${step.remark.replaceAll('_', ' ')}`;
  return `${step.field}: ${outcome}${remark}  (${step.rule}${read === '' ? '' : `; ${read}`})`;
}

function ledgerStory(state: RunState, id: string): string[] {
  const known = state.lookup(id);
  const when = (ms: number) => new Date(ms).toISOString();
  if (!known) return ['Ledger    Together has never accepted or refused this person from here'];
  return [
    known.status === undefined
      ? 'Ledger    never accepted'
      : wasSent(known)
        ? `Ledger    last accepted with status ${known.status} in run ${known.run ?? 'unknown'}, begun ${when(known.acceptedAt)}`
        : `Ledger    never sent from here; Together's own list has this person with status ${known.status}`,
    ...(known.refused
      ? [`          last refused with HTTP ${known.refused.status} in a run begun ${when(known.refused.at)}`]
      : []),
  ];
}

/** What is found of a person whose address comes under a new id. */
function newIdStory({ findings, read }: Planned, id: string): string[] {
  for (const [person, from] of findings.newIds)
    if (from === id)
      return ['', `New id    ${id} now comes as ${read.people.id(person)}: the record in Together gets the new id`];
  for (const faults of findings.conflicts.values())
    for (const { code, value = '', message } of faults)
      if (code === 'new_id' && value.startsWith(`${id} now `)) return ['', `New id    ${message}`];
  return [];
}

function staleStory({ plan, clears }: Planned, person: number, before: AcceptedFields): string[] {
  const json = plan.json(person);
  const user: Record<string, unknown> = json === '' ? {} : JSON.parse(json);
  if (user['employeeStatusCode'] === 'T') return [];
  const cleared = clears.get(person) ?? [];
  return before.names
    .filter(
      (field) => field !== 'lastUpdated' && !(field in user) && !cleared.includes(field) && isFilled(before, field),
    )
    .map((field) => `          Together keeps ${field}, which is empty here (if_empty "clear" in its rule empties it)`);
}

function planStory({ plan, findings, read, changes }: Planned, person: number, showValues: boolean): string[] {
  const { people } = read;
  const lines = [`Plan      ${plan.action(person)}: ${plan.sends(person) ? 'will be sent' : 'is not sent'}`];
  if (plan.outOfScope.includes(person)) {
    const ended = plan.order.some((at) => at >= people.size && plan.delivery(at).employeeId === people.id(person));
    lines.push(
      `          out of scope now, and Together has this person: ${ended ? 'sent as terminated' : 'stays there (setting out_of_scope)'}`,
    );
  }
  const from = findings.newIds.get(person);
  if (from !== undefined) lines.push(`          Together has this person as ${from}: the record gets the new id`);
  const dropped = findings.dropped(person);
  if (dropped) {
    lines.push(
      `          without supervisorId ${shownSupervisor(people, person, dropped)}: ${dropped}; linked again by itself once that is corrected`,
    );
  } else if (people.isLinked(person)) {
    lines.push(
      `          supervisorId ${people.ids.at(people.supervisorAt(person))}, found by address or number (match), or under a new id`,
    );
  }
  if (findings.withoutEmail.has(person)) lines.push('          without email, which another person has too');
  for (const fault of plan.faults(person))
    lines.push(`          ${fault.field}: ${(showValues ? fault : withoutCode(fault)).message} ${fault.fix}`);
  const held = plan.heldBack(person);
  if (held)
    lines.push(
      `          Together refused exactly this before (HTTP ${held.status}): not tried again until the record changes`,
    );
  for (const { field, from, to } of changes.get(person) ?? []) {
    const hidden = !showValues || fieldOf(field)?.sensitive === true;
    lines.push(
      `          ${field}${hidden ? ' changes' : `: ${from ?? '(old value not known)'} → ${to || '(empty)'}`}`,
    );
  }
  return lines;
}
