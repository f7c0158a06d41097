import { expect, it } from 'vitest';
import { foreign, thisUser } from './foreign.ts';

const reader = { uid: 1000, sharesGroup: (gid: number) => gid === 100 };

it.each([
  ['mine, for me alone', 1000, 1000, 0o700, undefined],
  ['mine, readable by all', 1000, 1000, 0o755, undefined],
  ['root’s', 0, 0, 0o755, undefined],
  ['mine, in a group of my own', 1000, 1000, 0o770, undefined],
  ['root’s, written by root’s group', 0, 0, 0o775, undefined],
  ['somebody else’s', 1001, 1000, 0o700, /another user \(uid 1001\)/],
  ['mine, written by a group of several', 1000, 100, 0o770, /others in its group \(gid 100\)/],
  ['root’s, written by everybody, even where names stick', 0, 0, 0o1777, /every user/],
  ['mine, written by everybody', 1000, 1000, 0o666, /every user/],
])('%s', (_what, uid, gid, mode, expected) => {
  const found = foreign({ uid, gid, mode }, reader);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(expected);
});

it('a group that neither this machine nor this process knows is shared', () => {
  if (process.platform === 'linux') expect(thisUser(1000)?.sharesGroup(4_000_000)).toBe(true);
});
