/**
 * The log of kept values, a line for each time that Together accepted something new of a person:
 *
 *   PERSON RUN AT KIND SEALED
 *
 * PERSON: keyed hash, hex. AT: start of the run, milliseconds since 1970. SEALED: what Together holds from then on, base64.
 */
import { ConnectorError } from '@ukg-together/kit/error';
import type { StateStore } from '../store/store.ts';

export const valuesFile = 'values.log';

export const kinds = ['created', 'changed', 'moved', 'seen', 'unknown', 'sending'] as const;
/**
 * `seen`: accepted, and nothing new but a time of change. `unknown`: changed, and nothing was kept of the person before. `sending`:
 * about to be sent; without a later line of the person, no one knows whether Together has it.
 */
export type Kind = (typeof kinds)[number];

export interface ValueLine {
  /** As `LedgerKeys.id`. */
  readonly person: string;
  readonly run: string;
  readonly at: number;
  readonly kind: Kind;
  readonly content: string;
  /** Where the line stands. */
  readonly from: number;
  readonly bytes: Buffer;
}

const form = new RegExp(`^([0-9a-f]{32}) ([\\w-]+) (\\d+) (${kinds.join('|')}) ([A-Za-z0-9+/=]*)$`);

export const lineText = ({ person, run, at, kind, content }: Omit<ValueLine, 'from' | 'bytes'>): string =>
  `${Buffer.from(person, 'latin1').toString('hex')} ${run} ${at} ${kind} ${content}\n`;

/** `bytes`: without the line's end. */
export function lineOf(store: StateStore, bytes: Buffer, from: number): ValueLine {
  const [, person = '', run = '', at, kind, content = ''] = form.exec(bytes.toString('latin1')) ?? [];
  if (kind === undefined) throw damaged(store, from);
  return {
    person: Buffer.from(person, 'hex').toString('latin1'),
    ...{ run, at: Number(at), kind: kind as Kind, content, from, bytes },
  };
}

export function damaged(store: StateStore, from: number): ConnectorError {
  return new ConnectorError('unexpected', `${store.where}/${valuesFile} is damaged at byte ${from}.`, {
    hint: 'Restore it from a backup. Or set keep_values_days to 0 for one run: then nothing is kept any more.',
  });
}

const pieceBytes = 1 << 20;

/** All whole lines, the oldest first; one that was cut off is left out. */
export async function* linesIn(store: StateStore): AsyncGenerator<ValueLine> {
  let rest = Buffer.alloc(0);
  let from = 0;
  for (let at = 0; ; ) {
    const piece = (await store.read(valuesFile, at, pieceBytes)) ?? Buffer.alloc(0);
    if (piece.length === 0) return;
    at += piece.length;
    rest = Buffer.concat([rest, piece]);
    let begin = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, begin)) {
      yield lineOf(store, rest.subarray(begin, end), from + begin);
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    from += begin;
  }
}
