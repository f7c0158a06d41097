/** What both decoders do with lines: events in their order, and what is wrong with a line. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { asJson, maxDepth } from '@ukg-together/kit/lines/json';
import { type Line, type ReadOptions, readLines } from '@ukg-together/kit/lines/read-lines';
import type { ConnectorEvent } from './event.ts';

/** A promise returned is awaited before the next line. `line.text` is the message as it came, in valid JSON. */
export type TakeEvent = (event: ConnectorEvent, line: Line) => void | Promise<void>;

/** Hands over what `read` makes of each line, to the end of the input. */
export async function takeEvents(
  input: AsyncIterable<Buffer | string>,
  read: (line: Line) => ConnectorEvent | undefined,
  take: TakeEvent,
  options: ReadOptions,
): Promise<void> {
  for await (const lines of readLines(input, options)) {
    for (const line of lines) {
      const event = read(line);
      if (event === undefined) continue;
      const odd = event.type === 'record' && event.nonNumbers !== undefined;
      const wait = take(event, odd ? { ...line, text: asJson(line.text).text } : line);
      if (wait !== undefined) await wait;
    }
  }
}

/** `cutOff`, `foreign`: what to do where the input ends in the middle of the line, and where it is anything else. */
export function notJson(line: Line, hints: { readonly cutOff: string; readonly foreign: string }): ConnectorError {
  return new ConnectorError(
    'input',
    said`Line ${line.number} is not valid JSON${line.unterminated ? ', and the input ends in the middle of it' : ''}.`,
    { hint: line.unterminated ? hints.cutOff : hints.foreign },
  );
}

export const tooDeep = (line: Line): ConnectorError =>
  new ConnectorError('input', said`Line ${line.number} is nested deeper than ${maxDepth} levels.`);
