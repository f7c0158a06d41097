import { expect, it } from 'vitest';
import { displayName } from './display-name.ts';

it.each([
  { user: { firstName: 'Augusta', lastName: 'King', preferredName: 'Ada' }, name: 'Ada King' },
  { user: { firstName: 'Augusta', lastName: 'King', preferredName: '' }, name: 'Augusta King' },
  { user: { firstName: 'Augusta' }, name: 'Augusta' },
  { user: {}, name: undefined },
])('names $user as $name', ({ user, name }) => {
  expect(displayName({ employeeId: '1', ...user })).toBe(name);
});
