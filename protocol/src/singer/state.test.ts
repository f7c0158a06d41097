import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseState, readStateFile } from './state.ts';

const streams = [{ name: 'people', replicationKey: 'changed' }, { name: 'codes' }];
const bookmark = { replication_key: 'changed', replication_key_value: '2026-01-01T00:00:00Z' };
const parsed = (people: unknown) => parseState({ bookmarks: { people } }, streams).bookmarks['people'];

describe('parseState', () => {
  it('keeps the SDK shape and extra keys as they are', () => {
    const state = { bookmarks: { people: { ...bookmark, last_full_read: 'x' }, codes: {} } };
    expect(parseState(state, streams)).toEqual(state);
  });

  it.each([
    ['a wrapped message', { type: 'STATE', value: { bookmarks: { people: bookmark } } }],
    ['what Meltano stores', { singer_state: { bookmarks: { people: bookmark } }, completed: {} }],
    [
      'the shape before the SDK',
      { bookmarks: { people: { changed: bookmark.replication_key_value } }, currently_syncing: 'people' },
    ],
    ['a bare position', { bookmarks: { people: bookmark.replication_key_value } }],
    [
      'what an interrupted SDK run left',
      {
        bookmarks: {
          people: {
            ...bookmark,
            starting_replication_value: 'old',
            progress_markers: { Note: 'x', replication_key_value: 'newer' },
            replication_key_signpost: 'z',
          },
        },
      },
    ],
    [
      'a first run interrupted',
      {
        bookmarks: {
          people: {
            starting_replication_value: bookmark.replication_key_value,
            progress_markers: { replication_key: 'changed', replication_key_value: 'newer' },
          },
        },
      },
    ],
  ])('translates %s', (_name, state) => {
    expect(parseState(state, streams).bookmarks['people']).toEqual(bookmark);
  });

  it('does not take another key for a position', () => {
    expect(parsed({ last_full_read: '2026-01-01' })).toEqual({ last_full_read: '2026-01-01' });
  });

  it('takes nothing for no state', () => {
    for (const value of [undefined, null, {}, { bookmarks: {} }, { bookmarks: null }, { currently_syncing: null }]) {
      expect(parseState(value, streams)).toEqual({ bookmarks: {} });
    }
  });

  it('refuses what it does not know instead of starting over', () => {
    for (const value of [
      [],
      'x',
      7,
      { people: bookmark },
      { bookmarks: [] },
      { bookmarks: { people: [1] } },
      { bookmarks: { people: { replication_key_value: {} } } },
    ]) {
      expect(() => parseState(value, streams)).toThrow(expect.objectContaining({ kind: 'settings' }) as Error);
    }
  });

  it('is stable: a state read, written and read again is the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (people) => {
        let once: unknown;
        try {
          // As it comes from a file: JSON knows no -0.
          once = parseState(JSON.parse(JSON.stringify({ bookmarks: { people } })), streams);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ConnectorError', kind: 'settings' });
          return;
        }
        expect(parseState(JSON.parse(JSON.stringify(once)), streams)).toEqual(once);
      }),
    );
  });
});

describe('readStateFile', () => {
  const read = async (text: string | undefined) => {
    const path = join(await mkdtemp(join(tmpdir(), 'state-')), 'state.json');
    if (text !== undefined) await writeFile(path, text);
    const notes: string[] = [];
    const warnings: string[] = [];
    const say = { note: (message: string) => notes.push(message), warn: (message: string) => warnings.push(message) };
    return { state: await readStateFile(path, streams, say), notes, warnings };
  };

  it('starts without a state from a missing or an empty file, and says so', async () => {
    for (const text of [undefined, '', ' \n']) {
      const { state, notes } = await read(text);
      expect(state).toEqual({ bookmarks: {} });
      expect(notes).toHaveLength(1);
    }
  });

  it('takes the last of several states, one a line', async () => {
    const { state, notes } = await read(
      `${JSON.stringify({ bookmarks: {} })}\n${JSON.stringify({ bookmarks: { people: bookmark } })}\n`,
    );
    expect(state.bookmarks['people']).toEqual(bookmark);
    expect(notes[0]).toContain('2 states');
  });

  it('warns of a state that is of other streams only: everything would be read without a word', async () => {
    const { state, warnings } = await read('{"bookmarks":{"orders":{"replication_key_value":"2026-01-01"}}}');
    expect(Object.keys(state.bookmarks)).toEqual(['orders']);
    expect(warnings).toEqual([
      expect.stringMatching(
        /state\.json is of other streams \("orders"\): nothing goes on from it, everything is read\.$/,
      ),
    ]);
    for (const bookmarks of [{}, { people: bookmark, orders: {} }])
      expect((await read(JSON.stringify({ bookmarks }))).warnings).toEqual([]);
  });

  it('refuses broken JSON by place, without its content', async () => {
    await expect(read('{"bookmarks":{"people":{"x":"secret}}}')).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringMatching(/state\.json is not valid JSON: look at line 1, column 29\.$/) as string,
    });
  });
});
