import { expect, it } from 'vitest';
import { unknownKeys } from './faults.ts';

const schema = {
  type: 'object',
  properties: { password: {}, limiter: { type: 'object', properties: { url: {} } } },
} as const;

it('tells of unknown settings by name, and of a name that may be a value without it', () => {
  expect(
    unknownKeys(
      { pasword: 1, _meltano: 1, 'password: sup3rs3cret': '', limiter: { 'url\ufeffsup3rs3cret': 1 } },
      schema,
    ),
  ).toEqual([
    'The unknown setting pasword is ignored (did you mean "password"?).',
    'An unknown setting is ignored; its name (21 characters) is no word and not shown.',
    'An unknown setting in limiter is ignored; its name (15 characters) is no word and not shown.',
  ]);
});
