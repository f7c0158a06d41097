import { describe, expect, it } from 'vitest';
import { peopleOf, person, testHash } from '../testing/people.ts';
import { Kind } from './person.ts';

describe('identity of people', () => {
  it('takes the same row seen again for the same person, and its later record counts', () => {
    const people = peopleOf([person('1', { title: 'Clerk' }), person('2'), person('1', { title: 'Chief' })]);
    expect(people.count).toBe(2);
    expect(people.user(0)['title']).toBe('Chief');
    expect(people.sharing()).toEqual([]);
  });

  it('takes two rows with one employeeId for two people, and names them', () => {
    const people = peopleOf([
      { user: person('1'), key: 'row a' },
      { user: person('2'), key: 'row b' },
      { user: person('1'), key: 'row c' },
    ]);
    expect(people.count).toBe(3);
    expect(people.sharing()).toEqual([[0, 2]]);
  });

  it('sees that a row keyed by the id itself is another row than one keyed otherwise', () => {
    const people = peopleOf([{ user: person('1'), key: 'x' }, person('1')]);
    expect(people.sharing()).toEqual([[0, 1]]);
  });

  it('makes one person of rows that map to the same user, and of those that a filter leaves out beside one in scope', () => {
    const people = peopleOf([
      { user: person('1'), key: 'a' },
      { user: person('1'), key: 'b' },
      { user: person('2', { title: 'Clerk' }), key: 'c', filter: 'history' },
      { user: person('2', { title: 'Chief' }), key: 'd' },
      { user: person('3', { title: 'Clerk' }), key: 'e' },
      { user: person('3', { title: 'Chief' }), key: 'f' },
    ]);
    people.mergeRows();
    expect([people.count, people.sharing()]).toEqual([4, [[4, 5]]]);
    expect([people.find('1'), people.kind(0), people.user(people.find('2'))['title']]).toEqual([
      1,
      Kind.superseded,
      'Chief',
    ]);
  });

  it('forgets who a row was when its employeeId changes while reading', () => {
    const people = peopleOf([
      { user: person('1'), key: 'row a' },
      { user: person('1'), key: 'row b' },
      { user: person('9'), key: 'row a' },
    ]);
    expect(people.count).toBe(2);
    expect(people.kind(0)).toBe(Kind.superseded);
    expect(people.sharing()).toEqual([]);
    expect(people.find('1')).toBe(1);
  });

  it('takes equal rows of a stream without keys for one, different ones with one id for two', () => {
    const people = peopleOf([]);
    const add = (user: ReturnType<typeof person>) => {
      const json = JSON.stringify(user);
      people.add(
        { mapped: { kind: 'user', user, notes: [] }, rowKey: undefined, raw: '', line: 1 },
        json,
        testHash(json),
      );
    };
    add(person('1'));
    add(person('1'));
    expect(people.count).toBe(1);
    add(person('1', { lastName: 'Another' }));
    expect(people.count).toBe(2);
    expect(people.sharing()).toEqual([[0, 1]]);
  });

  it('keeps faults, filters, raw records and lines of everybody', () => {
    const people = peopleOf([
      { invalid: '7' },
      { user: person('8'), filter: 'contractors' },
      { invalid: undefined, key: 'k' },
    ]);
    expect(people.faults(0).map((fault) => fault.code)).toEqual(['missing']);
    expect([people.filter(1), people.id(2), people.line(2), people.raw(1)]).toEqual([
      'contractors',
      undefined,
      3,
      'raw 1',
    ]);
  });
});
