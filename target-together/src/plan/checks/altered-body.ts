import type { People } from '../../people/person.ts';
import type { Findings } from './findings.ts';

type Alterations = Pick<Findings, 'dropped' | 'withoutEmail'>;

/** Whether the checks take a link or an address out of the body. */
export const isAltered = ({ dropped, withoutEmail }: Alterations, person: number): boolean =>
  dropped(person) !== undefined || withoutEmail.has(person);

/** By position: the body that the checks have changed; undefined: it is sent as it was read. */
export function alteredBodies(people: People, findings: Alterations): (person: number) => string | undefined {
  return (person) =>
    isAltered(findings, person)
      ? bodyWithout(people.json(person), {
          lacksLink: findings.dropped(person) !== undefined,
          lacksEmail: findings.withoutEmail.has(person),
        })
      : undefined;
}

/** The body of a person whose supervisor link is left out, or whose address is. */
export function bodyWithout(
  json: string,
  lacks: { readonly lacksLink: boolean; readonly lacksEmail: boolean },
): string {
  const user: Record<string, unknown> = JSON.parse(json);
  if (lacks.lacksLink) delete user['supervisorId'];
  if (lacks.lacksEmail) delete user['email'];
  return JSON.stringify(user);
}
