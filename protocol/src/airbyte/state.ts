/** `--state` of an Airbyte source: whatever the platform or a runner stores → bookmarks of the streams that go on from them. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isObject, parseJson, readTextFile } from '@ukg-together/kit/lines/json';
import { ofOtherStreams, type State } from '../state.ts';
import type { SelectedStream } from '../stream.ts';

/** What a state's reader must know of a stream. */
type StateReader = Pick<SelectedStream, 'replicationMethod'> & { readonly definition: { readonly name: string } };

/** A missing path and an empty file are no state. Throws ConnectorError 'settings' for what can't be read. */
export async function readAirbyteState(
  path: string | undefined,
  selected: readonly StateReader[],
  warn: (message: string) => void,
): Promise<State> {
  if (path === undefined) return { bookmarks: {} };
  const text = await readTextFile(path, 'The state file');
  return parseAirbyteState(text.trim() === '' ? [] : parseJson(text, `The state file ${path}`), selected, warn);
}

/**
 * An array of state objects (or one, or `{}`), each with whatever the platform added. A null state resets its stream;
 * a stream read by full_refresh starts from nothing. A state of other streams alone is warned of: everything is read.
 */
export function parseAirbyteState(
  value: unknown,
  selected: readonly StateReader[],
  warn: (message: string) => void = () => {},
): State {
  const known = new Set(selected.map(({ definition }) => definition.name));
  const others = new Set<string>();
  let ours = false;
  const incremental = new Set(
    selected
      .filter(({ replicationMethod }) => replicationMethod === 'INCREMENTAL')
      .map(({ definition }) => definition.name),
  );
  const bookmarks: State['bookmarks'] = {};
  const take = (stream: unknown) => {
    if (!isObject(stream) || !isObject(stream['stream_descriptor'])) throw noState();
    const name = stream['stream_descriptor']['name'];
    if (typeof name !== 'string') throw noState();
    if (known.has(name)) ours = true;
    else others.add(name);
    if (!incremental.has(name)) return;
    const {
      __ab_no_cursor_state_message: _,
      __ab_sequence: __,
      ...bookmark
    } = isObject(stream['stream_state']) ? stream['stream_state'] : {};
    bookmarks[name] = bookmark;
  };
  for (const entry of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (entry === null || entry === undefined) continue;
    if (!isObject(entry)) throw noState();
    // Some runners keep the whole message.
    const state = entry['type'] === 'STATE' && isObject(entry['state']) ? entry['state'] : entry;
    const global = state['global'] ?? state['global_'];
    if (isObject(state['stream'])) take(state['stream']);
    else if (isObject(global)) {
      if (!Array.isArray(global['stream_states'])) throw noState();
      for (const stream of global['stream_states'] as unknown[]) take(stream);
    } else if (
      Object.values(state).some((part) => part !== null && !(isObject(part) && Object.keys(part).length === 0))
    ) {
      throw noState();
    }
  }
  if (others.size > 0 && !ours) warn(ofOtherStreams('The state', others));
  return { bookmarks };
}

function noState(): ConnectorError {
  return new ConnectorError('settings', said`The state is none of this source's: it holds no per-stream states.`, {
    hint: "Reset the connection's state to read everything again on purpose.",
  });
}
