/** `--state`: the Singer SDK's shape, older shapes translated, anything else refused: never "start over" in silence. */
import { readFile } from 'node:fs/promises';
import { ConnectorError, errorCode, said } from '@ukg-together/kit/error';
import { isObject, parseJson } from '@ukg-together/kit/lines/json';
import { codeText } from '@ukg-together/kit/text/error-code';
import { show } from '@ukg-together/kit/text/show';
import { type Bookmark, ofOtherStreams, type State } from '../state.ts';
import type { StreamDefinition } from '../stream.ts';

/** What has to be known of the streams: a legacy bookmark is recognised by its replication key's name. */
export type Streams = readonly Pick<StreamDefinition, 'name' | 'replicationKey'>[];

/**
 * Reads a state file. A missing or an empty file is no state, with a note: the first run of a pipeline. One that speaks only of
 * streams that this tap lacks is another tap's: nothing goes on from it, with a warning.
 * Throws ConnectorError 'settings' for a file that can't be read or holds no state.
 */
export async function readStateFile(
  path: string,
  streams: Streams,
  say: { readonly note: (message: string) => void; readonly warn: (message: string) => void },
): Promise<State> {
  const { note, warn } = say;
  const read = (value: unknown): State => {
    const state = parseState(value, streams);
    const named = Object.keys(state.bookmarks);
    const known = new Set(streams.map(({ name }) => name));
    if (named.length > 0 && !named.some((name) => known.has(name)))
      warn(ofOtherStreams(`The state file ${path}`, named));
    return state;
  };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT')
      throw new ConnectorError('settings', said`The state file ${path} can't be read: ${codeText(code)}.`);
    note(`The state file ${path} does not exist: starting without a state.`);
    return { bookmarks: {} };
  }
  if (text.trim() === '') {
    note(`The state file ${path} is empty: starting without a state.`);
    return { bookmarks: {} };
  }
  try {
    return read(parseJson(text, `The state file ${path}`));
  } catch (error) {
    // `target > state.json` writes one state a line; the last one counts, and people forget `tail -n 1`.
    const lines = text.trimEnd().split('\n');
    if (lines.length > 1 && lines.every((line) => line.startsWith('{') && line.trimEnd().endsWith('}'))) {
      note(`The state file ${path} holds ${lines.length} states, one a line: the last one is used.`);
      return read(parseJson(lines.at(-1) as string, `The last line of the state file ${path}`));
    }
    throw error;
  }
}

/** Any known spelling of a state → `{ bookmarks }`. Throws ConnectorError 'settings' for what is none. */
export function parseState(value: unknown, streams: Streams): State {
  if (value === null || value === undefined) return { bookmarks: {} };
  if (!isObject(value)) throw noState('it is no JSON object');
  if (value['type'] === 'STATE' && 'value' in value) return parseState(value['value'], streams);
  if (isObject(value['singer_state'])) return parseState(value['singer_state'], streams);
  const bookmarks = value['bookmarks'];
  if (bookmarks === undefined || bookmarks === null) {
    const others = Object.keys(value).filter((key) => key !== 'currently_syncing' && key !== 'bookmarks');
    if (others.length === 0) return { bookmarks: {} };
    throw noState(`it has no "bookmarks" but ${others.slice(0, 5).map(show).join(', ')}`);
  }
  if (!isObject(bookmarks)) throw noState('"bookmarks" is no object');
  const keys = new Map(streams.map(({ name, replicationKey }) => [name, replicationKey]));
  return {
    bookmarks: Object.fromEntries(
      Object.entries(bookmarks).map(([stream, bookmark]) => [
        stream,
        parseBookmark(stream, bookmark, keys.get(stream)),
      ]),
    ),
  };
}

function parseBookmark(stream: string, value: unknown, replicationKey: string | undefined): Bookmark {
  if (value === null || value === undefined) return {};
  if (typeof value === 'string')
    return { ...(replicationKey && { replication_key: replicationKey }), replication_key_value: value };
  if (!isObject(value)) throw noState(`the bookmark of stream ${show(stream)} is no object`);
  // What the SDK leaves behind when a run was interrupted: not resumable, by its own note. The value it started from is.
  const {
    progress_markers: progress,
    starting_replication_value: started,
    replication_key_signpost: _,
    ...bookmark
  } = value;
  const legacy = replicationKey === undefined || 'replication_key' in bookmark ? undefined : bookmark[replicationKey];
  const position = bookmark['replication_key_value'] ?? legacy ?? (progress === undefined ? undefined : started);
  const { replication_key: key, replication_key_value: _value, ...extras } = bookmark;
  if (legacy !== undefined && replicationKey !== undefined) delete extras[replicationKey];
  const named = typeof key === 'string' ? key : replicationKey;
  if (position === undefined || position === null)
    return { ...extras, ...(typeof key === 'string' && { replication_key: key }) };
  if (typeof position !== 'string' && typeof position !== 'number')
    throw noState(`the bookmark of stream ${show(stream)} is neither text nor number`);
  return { ...extras, ...(named !== undefined && { replication_key: named }), replication_key_value: String(position) };
}

function noState(reason: string): ConnectorError {
  return new ConnectorError('settings', said`The state can't be used: ${reason}.`, {
    hint: 'Give the state that the target printed, or start over on purpose by leaving --state out.',
  });
}
