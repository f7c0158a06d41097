/** The floor for `verify`: fetch Together's list, parse it, look at every value. `floor-list.mjs BASE` */
const answer = await fetch(`${process.argv[2]}/public/user`, {
  headers: { 'organization-id': 'o', 'client-id': 'c', 'api-key': 'k' },
});
const users = await answer.json();
let filled = 0;
for (const user of users) for (const value of Object.values(user)) if (value) filled++;
console.log(users.length, filled);
