import { describe, expect, expectTypeOf, it } from 'vitest';
import { ConnectorError, inStream, type Sentence, said } from './error.ts';

describe('said', () => {
  it('makes the sentence, and an anchor of its words without the values', () => {
    expect(said`The file ${'/tmp/a b'} can't be read: ${7} bytes.`).toEqual({
      text: "The file /tmp/a b can't be read: 7 bytes.",
      anchor: 'the-file-cant-be-read-bytes',
    });
  });

  it('is what an error needs: one without a place on the page of errors does not compile', () => {
    expectTypeOf<ConstructorParameters<typeof ConnectorError>[1]>().toEqualTypeOf<Sentence>();
    expect(new ConnectorError('settings', said`No ${'file'}.`, { hint: 'Name one.' }).advice).toEqual([
      'Name one.',
      'See https://github.com/ukg-together/ukg-together/blob/main/docs/troubleshooting.md#no',
    ]);
  });
});

it('a message ends before its advice', () => {
  expect(new ConnectorError('settings', said`2 faults:\n  ${'a'}: is wrong`).message).toBe('2 faults:\n  a: is wrong.');
  expect(new ConnectorError('settings', said`Wrong.`).message).toBe('Wrong.');
});

describe('inStream', () => {
  it('tells the same failure of the stream that was selected', () => {
    const inner = new ConnectorError('unreachable', said`locations: HTTP 500.`, {
      hint: 'Later.',
      internal: 'x',
      stream: 'locations',
      cause: 1,
    });
    const named = inStream(inner, 'employees');
    expect(named).toMatchObject({
      kind: 'unreachable',
      message: 'locations: HTTP 500.',
      hint: 'Later.',
      internal: 'x',
      stream: 'employees',
      cause: 1,
      exitCode: 5,
    });
    expect(named.stack).toBe(inner.stack);
    expect(inStream(named, 'employees')).toBe(named);
  });
});
