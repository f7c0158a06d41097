/**
 * What the run means to do with everybody, before anything is done: one action for each person, who is sent, in which order,
 * and with which body. Compared with the ledger only; nothing here knows HTTP.
 */
import { createHash } from 'node:crypto';
import type { Findings } from './check.ts';
import type { Known } from './ledger.ts';
import { Kind, type People } from './people/people.ts';
import { type Action, actions, type Delivery, type Fault } from './types.ts';

export interface PlanInput {
  readonly people: People;
  readonly findings: Findings;
  /** undefined: the ledger is empty. */
  readonly known: ((id: string) => Known | undefined) | undefined;
  readonly hash: (json: string) => Uint8Array;
  /** false: there is no ledger to compare with, and nobody asks for the plan's hash. */
  readonly hashed: boolean;
  /** Start of this run, milliseconds since 1970. */
  readonly now: number;
  readonly resendAfterHours: number | null;
  /** employeeIds that were accepted before, are not terminated, and are missing from a complete read. */
  readonly vanished: readonly string[];
  readonly terminateVanished: boolean;
  /** People not read in this run whose supervisor was left out before and is valid now. */
  readonly relinks: readonly Relink[];
  /** Whether Together lists this employeeId, where its list could be read: then nobody is created, whatever the ledger lacks. */
  readonly listed?: ((id: string) => boolean) | undefined;
  /** Whether somebody gave this person's reject back, to have it tried now. */
  readonly replayed?: (person: number) => boolean;
  /** What the plan is for (host, organization): a plan hash must not release the same people elsewhere. */
  readonly scope: string;
}

export interface Relink {
  readonly id: string;
  readonly supervisorId: string;
}

export interface Plan {
  readonly counts: Readonly<Record<Action, number>>;
  /**
   * Positions to send, in order: leavers, who hands an address over to another, managers before their reports, the rest by first
   * sight. From `people.size` on: who vanished, then who is linked again; they were not read, and a part of the body is all that is
   * sent.
   */
  readonly order: Int32Array;
  /** Among `order`: unchanged people whose daily resend is due. */
  readonly resends: number;
  readonly vanished: readonly string[];
  /** Out of scope by a filter, though Together knows them: listed, never hidden. */
  readonly excludedKnown: readonly number[];
  /** Lower-case hex; equal for the same people and bodies in whatever order they came. Empty: not asked for. */
  readonly hash: string;
  action(person: number): Action;
  /** Whether the person stands in `order`. */
  sends(person: number): boolean;
  /** Why a person can't be sent; empty for everybody else. */
  faults(person: number): readonly Fault[];
  /** Refused before, not tried again now: status and since when. */
  held(person: number): Known['refused'];
  /** The body as it is or would be sent. */
  json(person: number): string;
  delivery(person: number): Delivery;
}

const hourMs = 3_600_000;
const noHash = new Uint8Array(16);

export function makePlan(input: PlanInput): Plan {
  const { people, findings, known, vanished } = input;
  const { size } = people;
  const patches = [
    ...(input.terminateVanished ? vanished : []).map((id) => ({ employeeId: id, employeeStatusCode: 'T' })),
    ...input.relinks.map(({ id, supervisorId }) => ({ employeeId: id, supervisorId })),
  ].filter((patch) => !refusedForGood(patch));
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  const actionOf = new Uint8Array(size);
  const sent = new Uint8Array(size);
  const isNew = new Uint8Array(size);
  const held = new Map<number, Known['refused']>();
  const excludedKnown: number[] = [];
  // Eight bytes for everybody who is part of the plan, in whatever order; the rest stays empty.
  const digests = new Uint32Array(2 * (size + vanished.length + input.relinks.length));
  let planned = 0;
  let resends = 0;

  for (let person = 0; person < size; person++) {
    const kind = people.kind(person);
    if (kind === Kind.superseded) continue;
    const action = decide(person, kind);
    actionOf[person] = actions.indexOf(action);
    counts[action]++;
  }
  counts.vanished = vanished.length;
  // Whoever was told of them has not released their end.
  const fate = input.terminateVanished ? '\0T' : '';
  for (const id of vanished)
    note(
      'vanished',
      createHash('sha256')
        .update(id + fate)
        .digest(),
    );
  for (const relink of input.relinks) note('change', createHash('sha256').update(JSON.stringify(relink)).digest());

  function decide(person: number, kind: Kind): Action {
    if (kind === Kind.invalid || findings.conflicts.has(person)) return 'invalid';
    const id = () => people.id(person) as string;
    const before = known?.(id());
    const leaves = people.status(person) === 'T' && before?.status !== undefined && before.status !== 'T';
    if (kind === Kind.excluded && !leaves) {
      if (before?.status !== undefined) excludedKnown.push(person);
      return 'excluded';
    }
    // Together would make a new person of somebody it does not know.
    if (before?.status === undefined && people.isPatchOnly(person)) return 'invalid';
    const hash = !input.hashed ? noHash : altered(person) ? input.hash(json(person)) : people.hash(person);
    if (before?.status === undefined) isNew[person] = input.listed?.(id()) ? 0 : 1;
    else if (before.hash && sameBytes(before.hash, hash)) {
      if (due(before.acceptedAt)) {
        sent[person] = 1;
        resends++;
      }
      return 'same';
    }
    const refused = before?.refused;
    if (refused && sameBytes(refused.hash, hash) && !tryAgain(refused, leaves || input.replayed?.(person) === true)) {
      held.set(person, refused);
      return 'same';
    }
    sent[person] = 1;
    const action = isNew[person]
      ? 'join'
      : leaves
        ? 'leave'
        : before?.status === 'T' && people.status(person) !== 'T'
          ? 'rehire'
          : 'change';
    note(action, hash);
    return action;
  }

  function note(action: Action, hash: Uint8Array): void {
    if (!input.hashed) return;
    digests[planned++] = word(hash, 0) ^ actions.indexOf(action);
    digests[planned++] = word(hash, 4);
  }

  function refusedForGood(patch: { readonly employeeId: string }): boolean {
    const refused = known?.(patch.employeeId)?.refused;
    return !!refused && refused.status !== 400 && sameBytes(refused.hash, input.hash(JSON.stringify(patch)));
  }

  /** 409 and 410 are for good until the record changes; a leaver's 400 is tried every time (access must end), as is a reject given back. */
  function tryAgain(refused: NonNullable<Known['refused']>, now: boolean): boolean {
    if (refused.status === 409 || refused.status === 410) return false;
    return now || due(refused.at);
  }

  function due(at: number): boolean {
    if (input.resendAfterHours === null) return false;
    const window = input.resendAfterHours * hourMs;
    // A nightly run that starts a minute earlier than yesterday's must not wait for the night after.
    return input.now - at >= window - window / 96;
  }

  function altered(person: number): boolean {
    return findings.dropped(person) !== undefined || findings.withoutEmail.has(person);
  }

  function json(person: number): string {
    if (person >= size) return JSON.stringify(patches[person - size]);
    const text = people.json(person);
    if (!altered(person)) return text;
    const user: Record<string, unknown> = JSON.parse(text);
    if (findings.dropped(person)) delete user['supervisorId'];
    if (findings.withoutEmail.has(person)) delete user['email'];
    return JSON.stringify(user);
  }

  return {
    counts,
    order: ordered(input, sent, actionOf, patches.length),
    resends,
    vanished,
    excludedKnown,
    hash: input.hashed ? planHash(input.scope, digests.subarray(0, planned)) : '',
    action(person) {
      if (person < size) return actions[actionOf[person] as number] as Action;
      return 'employeeStatusCode' in (patches[person - size] ?? {}) ? 'vanished' : 'change';
    },
    sends: (person) => sent[person] === 1,
    faults(person) {
      if (actions[actionOf[person] as number] !== 'invalid') return [];
      const found = findings.conflicts.get(person) ?? people.faults(person);
      return found.length > 0 ? found : people.patchOnly(person);
    },
    held: (person) => held.get(person),
    json,
    delivery: (person) => ({
      index: person,
      employeeId: person < size ? (people.id(person) as string) : (patches[person - size]?.employeeId as string),
      body: person < size && !altered(person) ? people.body(person) : Buffer.from(json(person)),
      isNew: person < size && isNew[person] === 1,
      after: afterGivers(findings, person),
    }),
  };
}

/** Whom this person must come after; nobody where the address is not sent. */
export function afterGivers(
  { givers, withoutEmail }: Pick<Findings, 'givers' | 'withoutEmail'>,
  person: number,
): Delivery['after'] {
  return withoutEmail.has(person) ? undefined : givers.get(person);
}

/** Leavers first, then who hands an address over, then by depth in the org chart (stable by first sight within a depth), then the patches. */
function ordered(input: PlanInput, sent: Uint8Array, actionOf: Uint8Array, patches: number): Int32Array {
  const { people, findings } = input;
  const leave = actions.indexOf('leave');
  const depths = depthsOf(findings.parent);
  let deepest = 0;
  for (let person = 0; person < sent.length; person++) {
    if (sent[person] && actionOf[person] !== leave) deepest = Math.max(deepest, (depths[person] as number) + 1);
  }
  let turns = 0;
  for (const turn of findings.turns.values()) turns = Math.max(turns, turn + 1);
  const rank = (person: number) =>
    actionOf[person] === leave ? 0 : 1 + (findings.turns.get(person) ?? turns + (depths[person] as number));
  const starts = new Int32Array(deepest + turns + 2);
  for (let person = 0; person < sent.length; person++) {
    if (sent[person]) (starts[rank(person) + 1] as number)++;
  }
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
  const total = starts[starts.length - 1] as number;
  const order = new Int32Array(total + patches);
  for (let person = 0; person < sent.length; person++) {
    if (!sent[person]) continue;
    const at = rank(person);
    order[starts[at] as number] = person;
    starts[at] = (starts[at] as number) + 1;
  }
  for (let i = 0; i < patches; i++) order[total + i] = people.size + i;
  return order;
}

/** Steps up to the top for everybody; the links hold no loops any more. */
function depthsOf(parent: Int32Array): Int32Array {
  const depths = new Int32Array(parent.length).fill(-1);
  const chain: number[] = [];
  for (let person = 0; person < parent.length; person++) {
    let at = person;
    while (at >= 0 && depths[at] === -1) {
      chain.push(at);
      at = parent[at] as number;
    }
    let depth = at < 0 ? -1 : (depths[at] as number);
    for (let member = chain.pop(); member !== undefined; member = chain.pop()) depths[member] = ++depth;
  }
  return depths;
}

function planHash(scope: string, digests: Uint32Array): string {
  const sorted = new BigUint64Array(digests.buffer, 0, digests.length / 2).sort();
  const bytes = new Uint8Array(sorted.buffer, 0, sorted.byteLength);
  return createHash('sha256').update(scope).update('\0').update(bytes).digest('hex').slice(0, 16);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Four bytes as an unsigned number, little end first. */
function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}
