import { expect, it } from 'vitest';
import { createRemarkCounts } from './remark-counts.ts';

it('counts people, not values: most people first', () => {
  const counts = createRemarkCounts();
  counts.add([{ field: 'hrisFields.a b', code: 'html_entity' }]);
  counts.add([
    { field: 'email', code: 'format_characters' },
    { field: 'email', code: 'format_characters' },
    { field: 'lastHireDate', code: 'no_date' },
  ]);
  counts.add([{ field: 'lastHireDate', code: 'no_date' }]);
  expect(counts.result()).toEqual([
    { field: 'lastHireDate', code: 'no_date', people: 2 },
    { field: 'hrisFields.a b', code: 'html_entity', people: 1 },
    { field: 'email', code: 'format_characters', people: 1 },
  ]);
});
