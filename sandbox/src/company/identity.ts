/** Ids, names, addresses and superiors: all a function of (seed, index), the same for every caller. */
import { DECOMPOSED_FIRST_NAMES, FIRST_NAMES, LAST_NAMES, WIDE_FIRST_NAMES, WIDE_LAST_NAMES } from './names.ts';
import type { Population } from './people.ts';
import { hash, pick, unit } from './rng.ts';

// What a draw is for. Each is its own random number, so that one share can change without moving the others.
export const SALT = {
  id: 1, jobs: 2, status: 3, hire: 4, company: 5, job: 6, location: 7, org: 8, supervisor: 12, name: 20, wide: 22, middle: 23,
  preferred: 24, email: 25, padded: 27, birth: 28, gender: 30, type: 31, title: 33, changed: 36, created: 38, address: 40,
  udf: 44, rehire: 50, term: 51, loop: 55, share: 56, uuid: 60, salary: 70, history: 72, leave: 74,
} as const; // biome-ignore format: a table

const ID_SPACE = 36 ** 6;
const ID_STEP = 2_654_435; // coprime with 36^6 (neither even nor a multiple of 3)
const SPAN = 8;
export const MAX_PEOPLE = 2 ** 21;

function inverse(value: number, modulus: number): number {
  let [a, b, x, y] = [BigInt(value), BigInt(modulus), 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return Number(((x % BigInt(modulus)) + BigInt(modulus)) % BigInt(modulus));
}
const ID_BACK = BigInt(inverse(ID_STEP, ID_SPACE));

/** The 12-character system id of a person: scattered, so that neither rows nor ranks are in its order. */
export function employeeIdOf(seed: number, index: number): string {
  const n = (index * ID_STEP + hash(seed, 0, SALT.id)) % ID_SPACE;
  return `${n.toString(36).toUpperCase().padStart(6, '0')}0000K0`;
}

/** The index behind a system id, or -1 where the id is not of this seed's making. */
export function indexOfEmployeeId(seed: number, employeeId: string): number {
  if (!/^[0-9A-Z]{6}0000K0$/.test(employeeId)) return -1;
  const n = Number.parseInt(employeeId.slice(0, 6), 36) - (hash(seed, 0, SALT.id) % ID_SPACE);
  const index = Number((BigInt((n + ID_SPACE) % ID_SPACE) * ID_BACK) % BigInt(ID_SPACE));
  return index < MAX_PEOPLE ? index : -1;
}

/** The employeeId of the superior, right or wrong as the mix has it. */
export function supervisorOf(population: Population, index: number): string | null {
  const { seed, count, mix } = population;
  if (unit(seed, index >> 1, SALT.loop) < mix.supervisorLoop && (index ^ 1) < count)
    return employeeIdOf(seed, index ^ 1);
  const draw = unit(seed, index, SALT.supervisor);
  let edge = mix.unknownSupervisor;
  if (draw < edge) return employeeIdOf(seed, MAX_PEOPLE - 1 - index);
  edge += mix.ownSupervisor;
  if (draw < edge) return employeeIdOf(seed, index);
  edge += mix.noSupervisor;
  if (draw < edge) return null;
  // A tree over ranks: the rank of a person is (index × step) mod count, so managers are spread over all pages.
  const step = stepFor(count);
  const rank = (index * step.forth) % count;
  if (rank === 0) return null;
  return employeeIdOf(seed, (Math.floor((rank - 1) / SPAN) * step.back) % count);
}

const steps = new Map<number, { forth: number; back: number }>();
function stepFor(count: number): { forth: number; back: number } {
  let step = steps.get(count);
  if (!step) {
    let forth = Math.max(1, Math.floor(count * 0.618)) | 1;
    const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
    while (gcd(forth, count) !== 1) forth += 2;
    step = { forth: forth % count || 1, back: count === 1 ? 1 : inverse(forth, count) };
    steps.set(count, step);
  }
  return step;
}

/** First and last name, each with its ASCII form. */
export function nameOf(
  { seed, mix }: Population,
  index: number,
): { first: readonly [string, string]; last: readonly [string, string] } {
  const kind = unit(seed, index, SALT.wide);
  const a = unit(seed, index, SALT.name);
  const b = unit(seed, index, SALT.name + 1);
  if (kind < mix.decomposedNames) return { first: pick(DECOMPOSED_FIRST_NAMES, a), last: pick(LAST_NAMES, b) };
  if (kind < mix.decomposedNames + mix.wideNames)
    return { first: pick(WIDE_FIRST_NAMES, a), last: pick(WIDE_LAST_NAMES, b) };
  return { first: pick(FIRST_NAMES, a), last: pick(LAST_NAMES, b) };
}

const addressOf = (population: Population, index: number): string => {
  const { first, last } = nameOf(population, index);
  return `${first[1]}.${last[1]}${index}@example.com`;
};

/** The work address: mostly good, at times missing, broken or another person's. */
export function emailOf(population: Population, index: number): string | null {
  const { seed, mix } = population;
  const draw = unit(seed, index, SALT.email);
  if (draw < mix.noEmail) return draw < mix.noEmail / 2 ? null : '';
  if (draw < mix.noEmail + mix.invalidEmail)
    return addressOf(population, index).replace('@', (draw * 1e6) % 2 < 1 ? ' at ' : '@@');
  if (index % 2 && unit(seed, index >> 1, SALT.share) < mix.sharedEmail)
    return addressOf(population, index - 1).toUpperCase();
  return addressOf(population, index);
}
