/**
 * Who was refused or could not be mapped, as a Singer file that `--input` takes again: SCHEMA and RECORD lines with the records
 * as they came, readable only by the owner. A reject stays open until its person is settled otherwise, also through runs
 * that do not read that person (an incremental read never repeats an unchanged row).
 *
 *   rejects.singer        open rejects when the last run ended
 *   rejects.next.singer   those of the run under way; what an interrupted run left there stays open as well
 */
import { linesOf, pieceBytes, type Reject, recordLine } from './rejects-file.ts';
import type { StateStore } from './store/store.ts';

export const rejectsFile = 'rejects.singer';
const nextFile = 'rejects.next.singer';

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
   * Puts this run's rejects in the place of those before, except of earlier ones for whom `staysOpen` says yes. The file goes
   * when nobody is left. Returns how many are open.
   */
  finish(staysOpen: (id: string) => boolean): Promise<number>;
}

export interface RejectsOptions {
  readonly store: StateStore;
  /** The SCHEMA message of a stream, as JSON. */
  readonly schemaOf: (stream: string) => string;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
}

export async function openRejects({ store, schemaOf, now }: RejectsOptions): Promise<Rejects> {
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
      let open = 0;
      const since = new Map<string, string>();
      const mine = new Set<string>();
      for await (const { message } of linesOf(store, nextFile, leftover))
        if (message.reject) mine.add(message.reject.id);
      async function* content(): AsyncGenerator<Buffer> {
        const schemas = new Map<string, string>();
        const written = new Map<string, string>();
        for (const [name, from, to, earlier] of [
          [rejectsFile, 0, Number.POSITIVE_INFINITY, true],
          [nextFile, 0, leftover, true],
          [nextFile, leftover, Number.POSITIVE_INFINITY, false],
        ] as const) {
          for await (const { message, text } of linesOf(store, name, from, to)) {
            const { reject, stream } = message;
            if (!reject) {
              schemas.set(stream, text);
              continue;
            }
            if (earlier && !since.has(reject.id)) since.set(reject.id, reject.since);
            if (earlier && (mine.has(reject.id) || !staysOpen(reject.id))) continue;
            const first = since.get(reject.id) ?? reject.since;
            const schema = schemas.get(stream) ?? schemaOf(stream);
            const head = written.get(stream) === schema ? '' : `${schema}\n`;
            written.set(stream, schema);
            open++;
            yield Buffer.from(
              `${head}${first === reject.since ? text : text.replace(`"since":"${reject.since}"}}`, `"since":"${first}"}}`)}\n`,
            );
          }
        }
      }
      if (size === 0 && (await store.size(rejectsFile)) === undefined) return 0;
      await store.replace(rejectsFile, content());
      if (open === 0) await store.remove(rejectsFile);
      await store.remove(nextFile);
      return open;
    },
  };
}

/** Everybody whose reject is open, for `status`; also what an interrupted run left. */
export async function* listRejects(store: StateStore): AsyncGenerator<OpenReject> {
  for (const name of [rejectsFile, nextFile]) {
    for await (const { message } of linesOf(store, name, 0)) {
      if (typeof message.reject?.id === 'string')
        yield { id: message.reject.id, stream: message.stream, since: message.reject.since };
    }
  }
}
