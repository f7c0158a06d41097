/**
 * The log of kept values, a line for each time that Together accepted something new of a person:
 *
 *   PERSON RUN AT KIND SEALED LINK
 *
 * PERSON: keyed hash, hex. AT: start of the run, milliseconds since 1970. SEALED: what Together holds from then on, base64. LINK: keyed hash
 * of the line and the link before it. `values.head` holds the last link, so that lines which were changed, taken out, or cut off are missed.
 */
import { hash } from 'node:crypto';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { LedgerKeys } from '../ledger/keys.ts';
import type { StateStore } from '../store/store.ts';

export const valuesFile = 'values.log';
export const headFile = 'values.head';

/** Before the first line. */
export const noLink = '-';

export type Links = (before: string, text: string) => string;

export function valueLinks(keys: Pick<LedgerKeys, 'derive'>): Links {
  const prefix = keys.derive('links of kept values', 16).toString('hex');
  return (before, text) => hash('sha256', `${prefix} ${before} ${text}`, 'hex').slice(0, 32);
}

export const kinds = ['created', 'changed', 'moved', 'seen', 'unknown', 'sending', 'rules'] as const;
/**
 * `seen`: accepted, and nothing new but a time of change. `unknown`: changed, and nothing was kept of the person before. `sending`:
 * about to be sent; without a later line of the person, no one knows whether Together has it. `rules`: of no person; what the values of
 * this run were made by.
 */
export type Kind = (typeof kinds)[number];

export interface ValueLine {
  /** As `LedgerKeys.id`. */
  readonly person: string;
  readonly run: string;
  readonly at: number;
  readonly kind: Kind;
  readonly content: string;
  readonly link: string;
  /** Where the line stands. */
  readonly from: number;
  readonly bytes: Buffer;
}

const form = new RegExp(`^([0-9a-f]{32}) ([\\w-]+) (\\d+) (${kinds.join('|')}) ([A-Za-z0-9+/=]*) ([0-9a-f]{32})$`);

export type NewLine = Omit<ValueLine, 'from' | 'bytes' | 'link'>;

const lineText = ({ person, run, at, kind, content }: NewLine): string =>
  `${Buffer.from(person, 'latin1').toString('hex')} ${run} ${at} ${kind} ${content}`;

/** The line that follows the one with this link. */
export function linked(line: NewLine, before: string, links: Links): { readonly text: string; readonly link: string } {
  const text = lineText(line);
  const link = links(before, text);
  return { text: `${text} ${link}\n`, link };
}

/** `bytes`: without the line's end. */
export function lineOf(store: StateStore, bytes: Buffer, from: number): ValueLine {
  const [, person = '', run = '', at, kind, content = '', link = ''] = form.exec(bytes.toString('latin1')) ?? [];
  if (kind === undefined) throw damaged(store, from);
  return {
    person: Buffer.from(person, 'hex').toString('latin1'),
    ...{ run, at: Number(at), kind: kind as Kind, content, link, from, bytes },
  };
}

export function damaged(store: StateStore, from: number): ConnectorError {
  return new ConnectorError(
    'unexpected',
    said`${store.where}/${valuesFile} is damaged at byte ${from}: a line was changed, or is missing.`,
    {
      hint: 'Restore it from a backup. Or set keep_values_days to 0 for one run: then nothing is kept any more.',
    },
  );
}

/** Where the log ends: the last link, or two while it is rewritten. Durable when it resolves. */
export const writeHead = async (store: StateStore, ...links: string[]): Promise<void> =>
  await store.replace(headFile, [Buffer.from(`${links.join(' ')}\n`)]);

const pieceBytes = 1 << 20;

/** All whole lines, the oldest first; one that was cut off is left out. Throws where a line is not what was written, or one is missing. */
export async function* linesIn(store: StateStore, keys: Pick<LedgerKeys, 'derive'>): AsyncGenerator<ValueLine> {
  const links = valueLinks(keys);
  const head = (await store.read(headFile))?.toString('latin1') ?? `${noLink}\n`;
  const heads = head.slice(0, -1).split(' ');
  // The last byte counts, too.
  if (!head.endsWith('\n')) throw damaged(store, 0);
  let link = noLink;
  let isWhole = heads.includes(noLink);
  for await (const line of rawLines(store)) {
    link = links(link, lineText(line));
    if (link !== line.link) throw damaged(store, line.from);
    isWhole ||= heads.includes(link);
    yield line;
  }
  if (!isWhole) throw damaged(store, (await store.size(valuesFile)) ?? 0);
}

async function* rawLines(store: StateStore): AsyncGenerator<ValueLine> {
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
