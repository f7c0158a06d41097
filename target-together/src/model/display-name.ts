import type { TogetherUser } from './person.ts';

/** How reports and plan files name a person: the preferred name where there is one. undefined: the record has no name. */
export function displayName(user: TogetherUser): string | undefined {
  const name = [user['preferredName'] || user.firstName, user.lastName].filter(Boolean).join(' ');
  return name === '' ? undefined : name;
}
