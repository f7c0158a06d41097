/** The walk over all of the log, for who audits it, and for each run before it sends: 0.4 seconds of CPU for 100 MB. */
import type { StateStore } from '../store/store.ts';
import { changedAside } from './aside.ts';
import {
  auditChain,
  auditFileOf,
  auditFiles,
  type Chain,
  type ChainedEntry,
  genesis,
  type Head,
  linesOf,
  parseHead,
  readHead,
} from './chain.ts';

export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly runs: number;
  /** Times of the first and the last entry that hold, RFC 3339. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Where the log ends. Compare it with the one that was kept elsewhere. */
  readonly head: Head;
  /** The line that does not hold; 1-based, one past the last line when lines are missing at the end. */
  readonly brokenFile: string | undefined;
  readonly brokenLine: number | undefined;
  /** What is wrong, as a sentence. */
  readonly why: string | undefined;
  /** Worth knowing, but not a fault. */
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  readonly store: StateStore;
  /** 32 bytes, of the audit log alone. */
  readonly key: Buffer;
  /** A head kept elsewhere: the log must still contain it. */
  readonly expected?: Head | undefined;
  /** Whether the state knows of runs: then there must be a log. */
  readonly knowsRuns: boolean;
  /** The last run that the state remembers: the log must name it. `at`: when it ended, RFC 3339. */
  readonly lastRun?: { readonly id: string; readonly at: string } | undefined;
}

/**
 * Walks the whole log and names the first line that does not hold; looks at what was set aside too. A log that does not exist, and
 * never did, is in order.
 */
export async function verifyAudit(options: VerifyOptions): Promise<AuditVerdict> {
  const { verdict, begins, dropped } = await walkAudit(options);
  const aside = verdict.ok && begins?.type === 'break' && (await changedAside(options.store, begins, dropped));
  return aside ? { ...verdict, ok: false, brokenFile: aside.file, brokenLine: 1, why: aside.why } : verdict;
}

export interface Walked {
  readonly verdict: AuditVerdict;
  /** The first entry that is there. */
  readonly begins: ChainedEntry | undefined;
  /** Files that retention has removed. */
  readonly dropped: ReadonlySet<string>;
  /** Bytes after the last newline, of a killed run. */
  readonly truncated: number;
}

export async function walkAudit(options: VerifyOptions): Promise<Walked> {
  const { store, key } = options;
  const end = await readHead(store, key);
  const walk = startWalk(options, end);
  const chain = auditChain(key);
  const files = await auditFiles(store);
  let place = { file: files[0] ?? 'audit', line: 0 };
  let truncated = 0;
  const result = (at: { file: string; line: number }, why: string | undefined): Walked => ({
    verdict: walk.verdict(at, why),
    begins: walk.begins,
    dropped: walk.dropped,
    truncated,
  });
  for (const [number, file] of files.entries()) {
    const isLast = number === files.length - 1;
    place = { file, line: 0 };
    const onTruncated = (bytes: number) => (truncated = bytes);
    const why = await verifyFile(store, chain, walk, {
      file,
      isLast,
      onLine: (line) => (place = { file, line }),
      onTruncated,
    });
    if (why) return result({ ...place, line: Math.max(1, place.line) }, why);
  }
  const before = walk.beginning();
  if (before) return result({ file: files[0] as string, line: 1 }, before);
  // Read again: a run may be writing just now. Between its two writes the log is one entry ahead.
  const why = walk.end(files.length > 0, (await readHead(store, key)) ?? end);
  return result({ ...place, line: place.line + 1 }, why);
}

interface FileWalk {
  readonly file: string;
  readonly isLast: boolean;
  readonly onLine: (line: number) => void;
  readonly onTruncated: (bytes: number) => void;
}

async function verifyFile(
  store: StateStore,
  chain: Chain,
  walk: ReturnType<typeof startWalk>,
  { file, isLast, onLine, onTruncated }: FileWalk,
): Promise<string | undefined> {
  let truncated = 0;
  for await (const { number, line } of linesOf(store, file, (bytes) => {
    truncated = bytes;
  })) {
    onLine(number);
    const entry = chain.read(line);
    // Retention goes by the file's name: one that is given the name of an old month would be removed as if it had expired.
    // Under a later month's it stays longer, as where a clock went back before the first entry.
    if (entry && number === 1 && auditFileOf(entry.at) > file)
      return `The file begins with an entry of ${entry.at.slice(0, 7)}: it was given another name.`;
    const why = entry
      ? walk.take(entry)
      : 'This line was changed after it was written, was written with another key, or is not an audit entry.';
    if (why) return why;
  }
  if (truncated > 0 && !isLast) return 'The file ends with an unfinished line, and another one follows it.';
  onTruncated(truncated);
  if (truncated > 0)
    walk.notes.push(
      `Ends with an unfinished line of ${truncated} bytes: a run was killed while writing. The next run removes it.`,
    );
  return undefined;
}

/** Takes entries in their order; `take` and `end` say what is wrong, as a sentence. */
function startWalk({ expected, knowsRuns, lastRun }: VerifyOptions, remembered: Head | undefined) {
  const notes: string[] = [];
  const dropped = new Set<string>();
  let first: ChainedEntry | undefined;
  let last: Head = genesis;
  let entries = 0;
  let runs = 0;
  let to: string | undefined;
  let retained = -1;
  let headSeen = remembered === undefined || remembered.seq === 0;
  let expectedSeen = expected === undefined || expected.seq === 0;
  let lastRunSeen = false;

  /** The first entry that is there: what was before it may have left by retention, or was damaged and set aside. */
  function begin(entry: ChainedEntry): void {
    first = entry;
    if (entry.type === 'break') {
      const { who } = entry as { who?: { user?: unknown; host?: unknown } };
      notes.push(
        `Begins on ${entry.at}, when ${String(who?.user)} on ${String(who?.host)} accepted that the log before it was damaged. ${String(entry.reason)}`,
      );
    }
    last = { seq: entry.seq - 1, hash: entry.prev };
    if (!expected || expected.seq >= entry.seq || expected.seq === 0 || entry.type === 'break') return;
    expectedSeen = true;
    notes.push('The head to compare with belongs to entries that retention has dropped.');
  }

  function take(entry: ChainedEntry): string | undefined {
    if (!first) begin(entry);
    if (entry.seq > last.seq + 1) return `Entries ${last.seq + 1} to ${entry.seq - 1} are missing before this line.`;
    if (entry.seq <= last.seq)
      return `Entry ${entry.seq} stands after entry ${last.seq}: lines were repeated or moved.`;
    if (entry.prev !== last.hash) return 'This line does not follow from the one before: one of the two was replaced.';
    if (entry.type === 'break' && entry !== first)
      return 'What stands before this line was to be set aside, and is still here: accept the damage again.';
    if (entry.type === 'retention') {
      retained = Math.max(retained, parseHead(String(entry.up_to))?.seq ?? -1);
      for (const file of entry['files'] as readonly string[]) dropped.add(file);
    }
    if (entry.type === 'run_started') runs++;
    if (entry.run_id === lastRun?.id) lastRunSeen = true;
    entries++;
    to = entry.at;
    last = { seq: entry.seq, hash: entry.hash };
    if (remembered?.seq === entry.seq) {
      if (remembered.hash !== entry.hash)
        return 'The head file has another hash for this entry: the line was replaced.';
      headSeen = true;
    }
    if (expected?.seq === entry.seq) {
      if (expected.hash !== entry.hash) return 'The head kept elsewhere has another hash for this entry.';
      expectedSeen = true;
    }
    return undefined;
  }

  function beginning(): string | undefined {
    if (!first || first.seq === 1 || first.type === 'break' || retained >= first.seq - 1) return undefined;
    return `Entries 1 to ${first.seq - 1} are gone, and no retention entry says so: files were taken away.`;
  }

  function end(exists: boolean, now: Head | undefined): string | undefined {
    if (!headSeen && remembered)
      return `The log should go on to entry ${remembered.seq}, but ends with entry ${last.seq}: lines were cut off.`;
    if (!exists && knowsRuns) return 'There is no log, though the state knows of runs: it was taken away.';
    if (!now && exists)
      return 'The head file is missing, or not as it was written: whether lines were cut off here can not be said.';
    if (now && last.seq > now.seq + 1)
      return `The head file stands at entry ${now.seq}, the log goes on to ${last.seq}: one of them was replaced.`;
    if (!expectedSeen && expected) return `The log never reaches entry ${expected.seq}, whose hash was kept elsewhere.`;
    if (lastRun && !lastRunSeen && first && lastRun.at > first.at)
      return `The log does not name run ${lastRun.id}, which the state remembers: the log is an older copy, or was cut off.`;
    return undefined;
  }

  return {
    notes,
    dropped,
    get begins() {
      return first;
    },
    take,
    beginning,
    end,
    verdict: (place: { file: string; line: number }, why: string | undefined): AuditVerdict => ({
      ok: why === undefined,
      entries,
      runs,
      from: first?.at,
      to,
      head: last,
      brokenFile: why && place.file,
      brokenLine: why ? place.line : undefined,
      why,
      notes,
    }),
  };
}
