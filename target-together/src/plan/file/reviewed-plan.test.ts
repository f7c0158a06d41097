import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TogetherUser } from '../../model/person.ts';
import type { RedactionLevel } from '../../model/run-summary.ts';
import type { ChangedField } from '../../model/user-fields.ts';
import type { Known } from '../../state/ledger/ledger.ts';
import type { RunState } from '../../state/run-state.ts';
import { peopleOf, person, type Row, testHash } from '../../testing/people.ts';
import { accepted, hour, now, planOf } from '../../testing/plan.ts';
import { planned, unsent } from './content.ts';
import { openPlan, type PlannedPerson } from './read-plan.ts';
import { restorePlan } from './reviewed-plan.ts';
import { writePlan } from './write-plan.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reviewed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = Buffer.alloc(32, 5);
const patchOnly = [{ field: 'email', code: 'missing', message: 'email is empty.', fix: 'Fill it in.' }];
const refused = (user: TogetherUser): Known => ({
  status: undefined,
  hash: undefined,
  acceptedAt: 0,
  run: undefined,
  refused: { status: 400, hash: testHash(JSON.stringify(user)), at: now - hour },
});

const rows: readonly Row[] = [
  person('new', { supervisorId: 'boss', preferredName: 'Countess' }),
  person('boss', { title: 'Chief' }),
  person('same'),
  person('due'),
  person('leaver', { employeeStatusCode: 'T', email: 'shared@example.com' }),
  person('heir', { email: 'shared@example.com' }),
  person('lost', { supervisorId: 'nobody' }),
  person('held'),
  { user: person('filtered'), filter: 'company' },
  { invalid: 'broken' },
  { invalid: undefined, key: 'row 11' },
  { user: { employeeId: 'thin', employeeStatusCode: 'T' }, patchOnly },
  { user: person('twin', { email: 'one@example.com' }), key: 't1' },
  { user: person('twin', { email: 'two@example.com' }), key: 't2' },
];
const ledger: Record<string, Known> = {
  boss: accepted(person('boss', { title: 'Clerk' })),
  same: accepted(person('same')),
  due: accepted(person('due'), { acceptedAt: now - 30 * hour }),
  leaver: accepted(person('leaver')),
  filtered: accepted(person('filtered')),
  held: refused(person('held')),
};
const changes: ReadonlyMap<number, readonly ChangedField[]> = new Map([
  [
    1,
    [
      { field: 'title', fromKey: 'k', from: 'Clerk', to: 'Chief' },
      { field: 'dateOfBirth', fromKey: 'k', from: '1815-12-10', to: '1816-12-10' },
    ],
  ],
]);

/** A run that plans, writes the file, and a later one that reads it. */
async function roundTrip(level: RedactionLevel = 'names', sensitive: readonly string[] = []) {
  const made = planOf(rows, ledger, {
    vanished: ['gone'],
    endedVanished: ['gone'],
    relinks: [{ id: 'away', supervisorId: 'boss' }],
  });
  const { plan, people, findings } = made;
  const shown = [...planned({ plan, people, changes }, level, new Set(sensitive))];
  const path = join(folder, 'plan.json');
  const read = { states: [], schemas: [], source: null, vanished: plan.vanished, facts: {}, pendingLinks: {} };
  await writePlan(
    path,
    secret,
    {
      plan_hash: plan.hash,
      run_id: 'r',
      created_at: '2026-03-31T04:00:00.000Z',
      read_at: '2026-03-31T03:59:00.000Z',
      tool: { name: 'target-together', version: '1', node: '20' },
      destination: { host: 'h', region: 'us', organization_id: 'o' },
      hashes: { settings: 's', mapping: 'm', ledger: 'l' },
      redaction: level,
      complete: true,
      people_read: people.count,
      actions: { ...plan.counts },
      guards: [],
      causes: [],
      to_send: plan.order.length,
    },
    { read, people: shown, unsent: unsent({ plan, people, findings }) },
  );
  const state = {
    hash: testHash,
    lookup: (id: string) => ledger[id],
    emails: { othersOf: async () => ({ elsewhere: new Map(), handedOver: new Map() }) },
  } as unknown as RunState;
  const again = peopleOf([]);
  const restored = await restorePlan(await openPlan(path, [secret]), again, state, 'null');
  return { made, shown, restored, again };
}

const byId = (found: readonly PlannedPerson[], id: string) => found.find((one) => one.id === id);

describe('a reviewed plan', () => {
  it('sends byte for byte, and in the same order, what was planned', async () => {
    const { made, restored } = await roundTrip();
    const sent = ({ plan }: Pick<typeof made, 'plan'>) =>
      [...plan.order].map((at) => {
        const { employeeId, body, isNew } = plan.delivery(at);
        return { employeeId, body: body.toString(), isNew, action: plan.action(at), json: plan.json(at) };
      });
    expect(sent(restored)).toEqual(sent(made));
    expect(sent(made).map(({ employeeId }) => employeeId)).toEqual([
      'leaver',
      'boss',
      'due',
      'lost',
      'new',
      'gone',
      'away',
    ]);
  });

  it('keeps what was decided about everybody else, and why', async () => {
    const { made, restored, again } = await roundTrip();
    const others = (plan: typeof made.plan, people: typeof again) =>
      Array.from({ length: people.size }, (_, at) => ({
        id: people.id(at),
        action: plan.action(at),
        sends: plan.sends(at),
        faults: plan.faults(at),
        heldBack: plan.heldBack(at),
        filter: people.filter(at),
      }))
        .filter(({ sends }) => !sends)
        .sort((a, b) => String(a.id).localeCompare(String(b.id)));
    expect(others(restored.plan, again)).toEqual(others(made.plan, made.people));
    const actions = Object.fromEntries(others(made.plan, made.people).map(({ id, action }) => [id ?? 'none', action]));
    expect(actions).toEqual({
      broken: 'invalid',
      filtered: 'excluded',
      heir: 'invalid',
      held: 'same',
      none: 'invalid',
      same: 'same',
      thin: 'invalid',
      twin: 'invalid',
    });
  });

  it('has the counts, the hash, the resends and the vanished of the plan that was made', async () => {
    const { made, restored } = await roundTrip();
    const { counts, hash, resends, vanished } = made.plan;
    expect(restored.plan).toMatchObject({ counts, hash, resends, vanished });
    expect({ resends, vanished }).toEqual({ resends: 1, vanished: ['gone'] });
    expect({ changes: restored.changesByField, dropped: restored.findings.droppedTotal }).toEqual({
      changes: { title: 1, dateOfBirth: 1 },
      dropped: 0,
    });
    expect([...restored.findings.withoutEmail].map((at) => restored.plan.delivery(at).employeeId)).toEqual(['leaver']);
  });

  it('keeps raw records only of people to send and of rejects', async () => {
    const { again } = await roundTrip();
    const raw = Object.fromEntries(
      Array.from({ length: again.size }, (_, at) => [again.id(at) ?? 'none', again.raw(at) !== '']),
    );
    expect(raw).toMatchObject({
      new: true,
      boss: true,
      held: true,
      broken: true,
      none: true,
      heir: true,
      same: false,
      filtered: false,
    });
  });

  it('asks whether a person is read by their supervisor as well', async () => {
    const { restored, again } = await roundTrip();
    const parent = restored.findings.parent[again.find('new')] as number;
    expect({ of: again.id(parent), lost: restored.findings.parent[again.find('lost')] }).toEqual({
      of: 'boss',
      lost: -1,
    });
  });
});

describe('what a plan file shows of a person', () => {
  const title = { field: 'title', from: 'Clerk', to: 'Chief' };
  const born = { field: 'dateOfBirth' };

  it.each([
    { level: 'ids' as const, name: undefined, changes: [{ field: 'title' }, born] },
    { level: 'names' as const, name: 'Ada Nr boss', changes: [title, born] },
  ])('at level $level', async ({ level, name, changes: shownChanges }) => {
    const { shown } = await roundTrip(level);
    const { json: _json, raw: _raw, ...boss } = byId(shown, 'boss') as PlannedPerson;
    expect(boss).toStrictEqual({
      id: 'boss',
      action: 'change',
      new: false,
      ...(name === undefined ? {} : { name }),
      changes: shownChanges,
    });
  });

  it('without the values of a field that the settings call sensitive', async () => {
    const { shown } = await roundTrip('names', ['title']);
    expect(byId(shown, 'boss')?.changes).toEqual([{ field: 'title' }, born]);
  });

  it('by the preferred name; as a patch where the person was not read', async () => {
    const { shown } = await roundTrip();
    const { json, raw, ...fresh } = byId(shown, 'new') as PlannedPerson;
    const gone = byId(shown, 'gone');
    expect({ fresh, gone, hasBody: json.includes('"Ada"'), raw }).toEqual({
      fresh: { id: 'new', action: 'join', new: true, name: 'Countess Nr new' },
      gone: {
        id: 'gone',
        action: 'vanished',
        new: false,
        patch: true,
        json: '{"employeeId":"gone","employeeStatusCode":"T"}',
      },
      hasBody: true,
      raw: 'raw 0',
    });
  });
});

describe('what a plan file keeps of a person who is not sent', () => {
  it('is the action, why, and three fields of the body', () => {
    const { plan, people, findings } = planOf(rows, ledger);
    const kept = [...unsent({ plan, people, findings })];
    const of = (id: string) => kept.find((one) => one.id === id);
    expect({
      same: of('same'),
      filtered: of('filtered'),
      held: of('held'),
      broken: of('broken'),
      thin: of('thin'),
    }).toEqual({
      same: {
        id: 'same',
        action: 'same',
        user: { employeeStatusCode: 'A', email: 'same@example.com' },
        filter: undefined,
      },
      filtered: {
        id: 'filtered',
        action: 'excluded',
        user: { employeeStatusCode: 'A', email: 'filtered@example.com' },
        filter: 'company',
      },
      held: {
        id: 'held',
        action: 'same',
        user: { employeeStatusCode: 'A', email: 'held@example.com' },
        filter: undefined,
        raw: 'raw 7',
      },
      broken: { id: 'broken', action: 'invalid', faults: patchOnly, filter: undefined, raw: 'raw 9' },
      thin: {
        id: 'thin',
        action: 'invalid',
        user: { employeeStatusCode: 'T' },
        faults: patchOnly,
        filter: undefined,
        raw: 'raw 11',
      },
    });
    const heir = of('heir');
    expect({ conflict: heir?.conflict?.map(({ code }) => code), faults: heir?.faults }).toEqual({
      conflict: ['duplicate_email'],
      faults: undefined,
    });
  });
});
