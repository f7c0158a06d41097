import type { People } from '../../people/person.ts';
import type { Findings } from './findings.ts';

/** By position: the body where the checks take a link or an address out of it; undefined: it is sent as it was read. */
export function alteredBodies(
  people: People,
  { dropped, withoutEmail }: Pick<Findings, 'dropped' | 'withoutEmail'>,
): (person: number) => string | undefined {
  return (person) => {
    const lacksLink = dropped(person) !== undefined;
    const lacksEmail = withoutEmail.has(person);
    return lacksLink || lacksEmail ? bodyWithout(people.json(person), { lacksLink, lacksEmail }) : undefined;
  };
}

/** The body of a person whose supervisor link is left out, or whose address is. */
export function bodyWithout(json: string, what: { readonly lacksLink: boolean; readonly lacksEmail: boolean }): string {
  const user: Record<string, unknown> = JSON.parse(json);
  if (what.lacksLink) delete user['supervisorId'];
  if (what.lacksEmail) delete user['email'];
  return JSON.stringify(user);
}
