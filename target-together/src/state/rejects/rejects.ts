/**
 * Who was refused or could not be mapped, as a Singer file that `--input` takes again: SCHEMA and RECORD lines with the records
 * as they came, readable only by the owner; a row has one entry. A reject stays open until its person has another outcome, also
 * through runs that do not read that person (an incremental read never repeats an unchanged row), but not through a complete
 * read that no longer has the row, and no longer than `retentionDays` after it was kept last.
 *
 *   rejects.singer        open rejects when the last run ended
 *   rejects.next.singer   those of the run under way; what an interrupted run left there stays open as well
 */

import type { StateStore } from '../store/store.ts';
import { type Line, linesOf, pieceBytes, type Reject, recordLine } from './rejects-file.ts';

export const rejectsFile = 'rejects.singer';
const nextFile = 'rejects.next.singer';

export const rejectFiles = [rejectsFile, nextFile] as const;

export interface OpenReject {
  readonly id: string;
  readonly stream: string;
  /** RFC 3339: when the person was first refused. */
  readonly since: string;
}

export interface Rejects {
  /** Adds rejects of this run; durable when it resolves, so that a checkpoint may pass them. */
  keep(rejects: Iterable<Reject>): Promise<void>;
  /**
   * Puts this run's rejects in the place of those before, except of earlier ones that `staysOpen` says yes to. The file goes
   * when no one is left. Returns how many are open.
   */
  finish(staysOpen: StaysOpen): Promise<number>;
}

export type StaysOpen = (reject: Pick<OpenReject, 'id' | 'stream'>) => boolean;

export interface RejectsOptions {
  readonly store: StateStore;
  /** The SCHEMA message of a stream, as JSON. */
  readonly schemaOf: (stream: string) => string;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Days after which an entry goes that no run has kept anew; null: never. */
  readonly retentionDays: number | null;
}

export async function openRejects({ store, schemaOf, now, retentionDays }: RejectsOptions): Promise<Rejects> {
  // Lines of an interrupted run come before this one's; a line that was cut off is ended, and skipped when it is read.
  const leftover = (await store.size(nextFile)) ?? 0;
  let size = leftover;
  let started = false;
  const announced = new Set<string>();

  async function append(lines: string[], durable: boolean): Promise<void> {
    const bytes = Buffer.from(lines.join(''));
    await store.append(nextFile, bytes, size, durable);
    size += bytes.length;
  }

  return {
    async keep(rejects) {
      let lines: string[] = [];
      let length = 0;
      let any = false;
      const add = (line: string) => {
        lines.push(line);
        length += line.length;
      };
      for (const reject of rejects) {
        if (!started && leftover > 0) add('\n');
        started = true;
        any = true;
        if (!announced.has(reject.stream)) add(`${schemaOf(reject.stream)}\n`);
        announced.add(reject.stream);
        add(recordLine(reject, new Date(now()).toISOString()));
        if (length < pieceBytes) continue;
        await append(lines, false);
        lines = [];
        length = 0;
      }
      if (any) await append(lines, true);
    },
    async finish(staysOpen) {
      if (size === 0 && (await store.size(rejectsFile)) === undefined) return 0;
      let open = 0;
      const { mine, latest, since } = await survey(store, leftover);
      const oldest = retentionDays === null ? '' : new Date(now() - retentionDays * 86_400_000).toISOString();
      const stays = ({ message: { reject, stream }, at, earlier }: Entry) =>
        reject !== undefined &&
        latest.get(reject.row) === at &&
        (!earlier || (!mine.has(reject.id) && reject.at >= oldest && staysOpen({ id: reject.id, stream })));
      async function* content(): AsyncGenerator<Buffer> {
        const schemas = new Map<string, string>();
        const written = new Map<string, string>();
        for await (const entry of entriesOf(store, leftover)) {
          const { reject, stream } = entry.message;
          if (!reject) schemas.set(stream, entry.text);
          if (!reject || !stays(entry)) continue;
          const schema = schemas.get(stream) ?? schemaOf(stream);
          const head = written.get(stream) === schema ? '' : `${schema}\n`;
          written.set(stream, schema);
          open++;
          const first = since.get(reject.id) ?? reject.since;
          const text = entry.text.replace(`"since":"${reject.since}","at":`, () => `"since":"${first}","at":`);
          yield Buffer.from(`${head}${text}\n`);
        }
      }
      await store.replace(rejectsFile, content());
      if (open === 0) await store.remove(rejectsFile);
      await store.remove(nextFile);
      return open;
    },
  };
}

interface Entry extends Line {
  /** Place among all lines. */
  readonly at: number;
  /** Of a run before this one. */
  readonly earlier: boolean;
}

/** All lines, the oldest first. `leftover`: bytes of `nextFile` that an interrupted run left. */
async function* entriesOf(store: StateStore, leftover: number): AsyncGenerator<Entry> {
  let at = 0;
  for await (const line of linesOf(store, rejectsFile, 0)) yield { ...line, at: at++, earlier: true };
  for await (const line of linesOf(store, nextFile, 0, leftover)) yield { ...line, at: at++, earlier: true };
  for await (const line of linesOf(store, nextFile, leftover)) yield { ...line, at: at++, earlier: false };
}

/** Who is among this run's rejects, the last entry of each row, and since when each person of an earlier run is. */
async function survey(store: StateStore, leftover: number) {
  const mine = new Set<string>();
  const latest = new Map<string, number>();
  const since = new Map<string, string>();
  for await (const { message, at, earlier } of entriesOf(store, leftover)) {
    const { reject } = message;
    if (!reject) continue;
    latest.set(reject.row, at);
    if (!earlier) mine.add(reject.id);
    else if (!since.has(reject.id)) since.set(reject.id, reject.since);
  }
  return { mine, latest, since };
}

/** Everybody whose reject is open; also what an interrupted run left. */
export async function* listRejects(store: StateStore): AsyncGenerator<OpenReject> {
  const { since } = await survey(store, Number.POSITIVE_INFINITY);
  for await (const { message } of openEntries(store)) {
    const { reject, stream } = message;
    if (typeof reject?.id === 'string') yield { id: reject.id, stream, since: since.get(reject.id) ?? reject.since };
  }
}

/** The lines of open rejects as messages that can be read again, the last entry of each row. */
export async function* rejectLines(store: StateStore): AsyncGenerator<string> {
  for await (const { text } of openEntries(store)) yield `${text}\n`;
}

async function* openEntries(store: StateStore): AsyncGenerator<Entry> {
  const { latest } = await survey(store, Number.POSITIVE_INFINITY);
  for await (const entry of entriesOf(store, Number.POSITIVE_INFINITY)) {
    const { reject } = entry.message;
    if (reject === undefined || latest.get(reject.row) === entry.at) yield entry;
  }
}
