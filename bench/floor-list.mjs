/**
 * The floor for `verify`: fetch Together's list, parse it, look at every value. `floor-list.mjs BASE [hash]`; with `hash` it also makes
 * what any comparison with kept hashes needs, one of the id and one of the whole record, and compares nothing.
 */
import { hash } from 'node:crypto';

const [, , base, hashes] = process.argv;
const answer = await fetch(`${base}/public/user`, {
  headers: { 'organization-id': 'o', 'client-id': 'c', 'api-key': 'k' },
});
const users = await answer.json();
const keyed = (text) => hash('sha256', `a key of its own${text}`, 'binary');
let filled = 0;
for (const user of users) {
  for (const value of Object.values(user)) if (value) filled++;
  if (hashes && keyed(user.employeeId) === keyed(JSON.stringify(user))) filled++;
}
console.log(users.length, filled);
