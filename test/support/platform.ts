/**
 * A stand-in for Airbyte's replication orchestrator: it starts a source and a destination, stands between them, and says what the
 * platform would say. It numbers states, drops what a destination must not see, reports completion, counts, compares each echoed
 * state with the one that it had sent, and keeps the last echoed state of each stream for the next run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { feed } from './feed.ts';

type Json = Record<string, unknown>;

export interface Connector {
  readonly executable: string;
  readonly config: string;
}

export interface Sync {
  readonly source: Connector;
  readonly destination: Connector;
  /** A configured catalog. */
  readonly catalog: string;
  /** What an earlier sync kept: the file for `--state`. */
  readonly state?: string;
  /** Whether the destination's metadata says so: then it is sent which streams are complete. */
  readonly supportsRefreshes?: boolean;
  /** Of both processes; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Sees both once they run. */
  readonly onStart?: (processes: { source: ChildProcess; destination: ChildProcess }) => void;
}

export interface Synced {
  readonly succeeded: boolean;
  readonly sourceCode: number;
  readonly destinationCode: number;
  /** Records of the source, those that an echoed state covers, and those of them that were refused. */
  readonly read: number;
  readonly committed: number;
  readonly rejected: number;
  readonly statesSent: number;
  readonly statesEchoed: number;
  /** For the next sync's `--state`. */
  readonly states: readonly Json[];
  readonly errors: readonly Json[];
  /** What the platform would have complained of. */
  readonly problems: readonly string[];
  readonly stderr: string;
  /** What each reported to people: its LOG messages and the messages of its TRACE ERRORs. */
  readonly sourceSaid: string;
  readonly destinationSaid: string;
}

const object = (value: unknown): Json => (value ?? {}) as Json;
const nameOf = (state: Json): string => String(object(object(state['stream'])['stream_descriptor'])['name']);
const countOf = (stats: unknown, key: string): number => Number(object(stats)[key] ?? 0);

function told(message: Json): string[] {
  const said = message['type'] === 'LOG' ? message['log'] : object(message['trace'])['error'];
  const text = object(said)['message'];
  return typeof text === 'string' ? [text] : [];
}

async function* messages(child: ChildProcess, say: (problem: string) => void, who: string): AsyncGenerator<Json> {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    try {
      yield JSON.parse(line) as Json;
    } catch {
      say(`${who}: a line that is no JSON`);
    }
  }
}

export async function synchronise(sync: Sync): Promise<Synced> {
  const problems: string[] = [];
  const errors: Json[] = [];
  const stderr: string[] = [];
  const say = (problem: string) => void problems.push(problem);
  const start = (connector: Connector, verb: string, ...more: string[]) => {
    const args = [verb, '--config', connector.config, '--catalog', sync.catalog, ...more];
    const child = spawn(connector.executable, args, { env: sync.env ?? process.env });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
    child.stdin.on('error', () => undefined);
    return {
      child,
      ended: once(child, 'close').then(([code]) => (code as number | null) ?? 137),
      said: [] as string[],
    };
  };
  const destination = start(sync.destination, 'write');
  const source = start(sync.source, 'read', ...(sync.state === undefined ? [] : ['--state', sync.state]));
  sync.onStart?.({ source: source.child, destination: destination.child });

  const sent: Json[] = [];
  const kept = new Map<string, Json>();
  const total = { read: 0, committed: 0, rejected: 0, echoed: 0 };
  const sinceState = new Map<string, number>();
  const status = new Map<string, string[]>();

  // What would have been sent to a destination that has ended is dropped; its exit code says why it ended.
  const forward = (message: Json) => feed(destination.child.stdin, `${JSON.stringify(message)}\n`);

  const reading = (async () => {
    for await (const message of messages(source.child, say, 'source')) {
      source.said.push(...told(message));
      if (message['type'] === 'RECORD') {
        const name = String(object(message['record'])['stream']);
        total.read += 1;
        sinceState.set(name, (sinceState.get(name) ?? 0) + 1);
        await forward(message);
      } else if (message['type'] === 'STATE') {
        const state: Json = { ...object(message['state']), id: sent.length + 1 };
        if (state['type'] !== 'STREAM') say(`source: a state of type ${String(state['type'])}`);
        const name = nameOf(state);
        const counted = sinceState.get(name) ?? 0;
        if (countOf(state['sourceStats'], 'recordCount') !== counted)
          say(`source: the state of ${name} says ${JSON.stringify(state['sourceStats'])}, ${counted} were counted`);
        sinceState.set(name, 0);
        sent.push(state);
        await forward({ type: 'STATE', state });
      } else if (message['type'] === 'TRACE') {
        const trace = object(message['trace']);
        if (trace['type'] === 'ERROR') errors.push(object(trace['error']));
        if (trace['type'] === 'STREAM_STATUS') {
          const progress = object(trace['stream_status']);
          const name = String(object(progress['stream_descriptor'])['name']);
          status.set(name, [...(status.get(name) ?? []), String(progress['status'])]);
        }
      }
    }
    const code = await source.ended;
    if (code === 0) {
      for (const [name, left] of sinceState)
        if (left > 0) say(`source: ${left} records of ${name} after its last state`);
      for (const [name, seen] of status) if (seen.at(-1) !== 'COMPLETE') say(`source: ${name} ended as ${seen.at(-1)}`);
      if (sync.supportsRefreshes === true)
        for (const name of status.keys())
          await forward({
            type: 'TRACE',
            trace: {
              type: 'STREAM_STATUS',
              emitted_at: Date.now(),
              stream_status: { stream_descriptor: { name }, status: 'COMPLETE' },
            },
          });
    }
    destination.child.stdin.end();
    return code;
  })();

  const writing = (async () => {
    for await (const message of messages(destination.child, say, 'destination')) {
      destination.said.push(...told(message));
      if (message['type'] === 'TRACE' && object(message['trace'])['type'] === 'ERROR')
        errors.push(object(object(message['trace'])['error']));
      if (message['type'] !== 'STATE') continue;
      const { destinationStats, ...echoed } = object(message['state']);
      const expected = sent[total.echoed];
      if (echoed['id'] === undefined) say('destination: State message does not contain id');
      if (JSON.stringify(echoed) !== JSON.stringify(expected))
        say(
          `destination: echoed state ${String(echoed['id'])} is not state ${String(expected?.['id'])} as it was sent`,
        );
      const [done, refused] = [
        countOf(destinationStats, 'recordCount'),
        countOf(destinationStats, 'rejectedRecordCount'),
      ];
      const said = countOf(echoed['sourceStats'], 'recordCount');
      if (done + refused !== said)
        say(`destination: state message checksum is invalid: ${done} written and ${refused} refused of ${said}`);
      total.echoed += 1;
      total.committed += done;
      total.rejected += refused;
      kept.set(nameOf(echoed), object(message['state']));
    }
    return destination.ended;
  })();

  const [sourceCode, destinationCode] = await Promise.all([reading, writing]);
  if (sourceCode === 0 && destinationCode === 0 && total.echoed !== sent.length)
    say(`destination: ${total.echoed} of ${sent.length} states came back, and it exited with 0`);
  return {
    succeeded: sourceCode === 0 && destinationCode === 0,
    sourceCode,
    destinationCode,
    read: total.read,
    committed: total.committed,
    rejected: total.rejected,
    statesSent: sent.length,
    statesEchoed: total.echoed,
    states: [...kept.values()],
    errors,
    problems,
    stderr: stderr.join(''),
    sourceSaid: source.said.join('\n'),
    destinationSaid: destination.said.join('\n'),
  };
}
