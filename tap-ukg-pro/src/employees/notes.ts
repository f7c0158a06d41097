/** What the log says at the end of a read of people, a line for each kind: who was left out or passed on in part, and why. */
import type { Logger } from '@ukg-together/kit/log/log';
import { counted } from '@ukg-together/kit/text/show';

const kinds = {
  withoutEmployment: {
    level: 'warn',
    text: (count: number) =>
      `${counted(count, 'person has', 'people have')} no employment this time, and ${passedOn(count, 'no_employment')}`,
    hint: 'Either the account may not see these employments in Personnel Integration, or UKG changed while it was read.',
  },
  withoutPerson: {
    level: 'warn',
    text: (count: number) =>
      `${counted(count, 'person has', 'people have')} employments but no person row this time, and ${passedOn(count, 'no_person_row')}`,
    hint: 'Either the account may not see these people in Employee Person Details, or UKG changed while it was read.',
  },
  inTransfer: {
    level: 'info',
    text: (count: number) =>
      `${counted(count, 'person is', 'people are')} in transfer between companies: the old employment has ended, no other one has begun`,
  },
  outOfScope: {
    level: 'info',
    text: (count: number) =>
      `${counted(count, 'person has', 'people have')} left the companies that are read and ${count === 1 ? 'works' : 'work'} in another one`,
  },
  sameCompany: {
    level: 'warn',
    text: (count: number) =>
      `${counted(count, 'person has', 'people have')} several rows in one company: the row that counts is chosen as between companies`,
  },
} as const satisfies Record<string, { level: 'info' | 'warn'; text: (count: number) => string; hint?: string }>;

const passedOn = (count: number, reason: string) =>
  `${count === 1 ? 'is' : 'are'} passed on with keepReason "${reason}" only, to be kept as before`;

export type NoteKind = keyof typeof kinds;

export interface PeopleNotes {
  /** Left out by a filter, or by `company_ids`. */
  leftOutBy(filter: string): void;
  add(kind: NoteKind, employeeId: string): void;
  tell(log: Logger): void;
}

export function createNotes(): PeopleNotes {
  const filters = new Map<string, number>();
  const people = new Map<NoteKind, { count: number; first: string[] }>();
  return {
    leftOutBy: (filter) => void filters.set(filter, (filters.get(filter) ?? 0) + 1),
    add(kind, id) {
      const known = people.get(kind) ?? { count: 0, first: [] };
      if (known.count++ < 5) known.first.push(id);
      people.set(kind, known);
    },
    tell(log) {
      for (const [filter, count] of filters) log.info(`employees: ${count} left out by ${filter}.`);
      for (const [kind, { count, first }] of people) {
        const note: { level: 'info' | 'warn'; text: (count: number) => string; hint?: string } = kinds[kind];
        const some = first.join(', ') + (count > first.length ? ', …' : '');
        log[note.level](`employees: ${note.text(count)} (${some}).${note.hint === undefined ? '' : ` ${note.hint}`}`);
      }
    },
  };
}
