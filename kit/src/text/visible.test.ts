import { expect, it } from 'vitest';
import { visible } from './visible.ts';

it('leaves nothing that acts on a terminal, and all else as it was', () => {
  const text = 'a\x1b[2Jb\x9b31mc\u202ed\u2066e\u2028f\r\x7f';
  expect(visible(text)).toBe('a\\u001b[2Jb\\u009b31mc\\u202ed\\u2066e\\u2028f\\u000d\\u007f');
  const kept = 'Zoë\tمحمد\nنرگس\u200c‌ها 👩‍👧';
  expect(visible(kept)).toBe(kept);
});

it('keeps the meaning of JSON', () => {
  const value = { '\x9b\u202e': ['\u061c\x85', 'a\u2029"\\'] };
  expect(JSON.parse(visible(JSON.stringify(value)))).toEqual(value);
});
