/** The real executables with wounded files and input: their exit codes, what they say, and that they end. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTogether } from '@ukg-together/sandbox/together-server';
import { startUkg } from '@ukg-together/sandbox/ukg-server';
import fc from 'fast-check';
import { type Ran, start } from '../support/pipe.ts';
import { hostile, wounded } from './inputs.ts';
import { canary, type Target, Violation } from './target.ts';

const limitMs = 60_000;
const contract = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** Ends it, and judges how it ended. */
async function ended(running: ReturnType<typeof start>): Promise<Ran> {
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    running.child.kill('SIGKILL');
  }, limitMs);
  const ran = await running;
  clearTimeout(timer);
  if (hung) throw new Violation(`did not end within ${limitMs / 1000} s`);
  if (ran.code === null || !contract.includes(ran.code))
    throw new Violation(`ended with ${ran.code ?? ran.signal}: ${ran.stderr.slice(-500)}`);
  if (/^\s+at .*:\d+:\d+/m.test(ran.stderr) || /Unhandled|heap out of memory|Unexpected failure/.test(ran.stderr))
    throw new Violation(`a bare failure: ${ran.stderr.slice(-800)}`);
  if (ran.stderr.replace(/(stream|type) "[^"]*"/g, '').includes(canary))
    throw new Violation(`stderr repeats a personal value: ${ran.stderr.slice(-800)}`);
  if (ran.code !== 0 && ran.code !== 8 && ran.stderr.trim() === '' && ran.stdout.trim() === '')
    throw new Violation(`ended with ${ran.code} and said nothing`);
  return ran;
}

export interface Processes {
  readonly targets: readonly Target[];
  close(): Promise<void>;
}

export async function openProcesses(): Promise<Processes> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const ukg = await startUkg({ people: 5, seed: 3 });
  const together = await startTogether({ intervalMs: 0 });
  const at = (name: string) => join(folder, name);
  const tap = {
    base_url: ukg.url,
    username: ukg.credentials.username,
    password: ukg.credentials.password,
    customer_api_key: ukg.credentials.customerApiKey,
  };
  const target = {
    api_url: together.url,
    organization_id: together.credentials.organizationId,
    client_id: together.credentials.clientId,
    api_key: together.credentials.apiKey,
    min_interval_ms: 0,
    state_dir: at('state'),
  };
  const write = (name: string, content: string | Buffer) => writeFileSync(at(name), content, { mode: 0o600 });
  write('config.json', JSON.stringify({ 'tap-ukg-pro': tap, 'target-together': target }));
  write('none.json', JSON.stringify({ ...target, state_dir: null }));
  write('airbyte.json', JSON.stringify(tap));
  const env = { HOME: folder };
  const config = ['--config', at('config.json')];

  const messages = (await start('tap-ukg-pro', config, { env })).stdout
    .replace(/("(?:\w*[nN]ame|emailAddress)":)"[^"]+"/g, (_, name: string) => `${name}"${canary}"`)
    .replace(/"emailAddress":"[^"]+"/g, () => `"emailAddress":"${canary}@example.com"`);
  const catalog = (await start('tap-ukg-pro', ['--discover'], { env })).stdout;
  const configured = JSON.stringify({
    streams: [
      {
        stream: { name: 'employees', json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
        sync_mode: 'incremental',
        destination_sync_mode: 'append_dedup',
      },
    ],
  });
  const messagesOfAirbyte = `${JSON.stringify({ type: 'RECORD', record: { stream: 'employees', data: { employeeId: 'E1', firstName: canary }, emitted_at: 1 } })}\n${JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream: { stream_descriptor: { name: 'employees' } } } })}\n`;
  const state = JSON.stringify({ bookmarks: { employees: { replication_key_value: '2026-01-01T00:00:00Z' } } });
  const planned = await start('target-together', ['plan', '--config', at('config.json'), '--out', at('plan.json')], {
    env,
    input: messages,
  });
  const plan = planned.code === 0 || planned.code === 8 ? readFileSync(at('plan.json')) : Buffer.from('{}');

  /** Runs with one wounded file. */
  const withFile =
    (name: string, argv: (path: string) => [string, ...string[]], input?: string) => async (bytes: Buffer) => {
      write(name, bytes);
      const [program, ...args] = argv(at(name));
      await ended(start(program, args, { env, input: input ?? '' }));
    };
  const targets: readonly Target[] = [
    {
      name: 'process-target',
      input: wounded([messages]),
      run: async (bytes) => {
        write('input', bytes);
        await ended(
          start('target-together', ['--config', at('none.json'), '--dry-run', '--input', at('input')], { env }),
        );
      },
    },
    {
      name: 'process-catalog',
      input: wounded([catalog.slice(0, 200_000), catalog]),
      run: withFile('catalog.json', (path) => ['tap-ukg-pro', ...config, '--catalog', path]),
    },
    {
      name: 'process-state',
      input: hostile([state]),
      run: withFile('state.json', (path) => ['tap-ukg-pro', ...config, '--state', path]),
    },
    {
      name: 'process-settings',
      input: wounded([JSON.stringify({ 'tap-ukg-pro': { ...tap, max_retries: 0 }, 'target-together': target })]),
      run: async (bytes) => {
        write('settings.json', bytes);
        // No mutation may lead anywhere but to this machine.
        const text = bytes.toString('latin1');
        if (/exec:|file:/.test(text) || !text.includes(ukg.url) || !text.includes(together.url)) return;
        await ended(start('target-together', ['--config', at('settings.json'), '--dry-run'], { env, input: '' }));
      },
    },
    {
      name: 'process-plan',
      input: wounded([plan]),
      run: withFile('wounded.json', (path) => ['target-together', 'apply', path, ...config]),
    },
    {
      name: 'process-source',
      input: hostile([configured]),
      run: withFile('configured.json', (path) => [
        'source-ukg-pro',
        'read',
        '--config',
        at('airbyte.json'),
        '--catalog',
        path,
      ]),
    },
    {
      name: 'process-destination',
      input: hostile([messagesOfAirbyte]),
      run: async (bytes) => {
        write('destination.json', configured);
        await ended(
          start('destination-together', ['write', '--config', at('none.json'), '--catalog', at('destination.json')], {
            env,
            input: bytes.toString('latin1'),
          }),
        );
      },
    },
    {
      name: 'process-ledger',
      input: fc
        .tuple(
          fc.constantFrom(
            'ledger.log',
            'runs.json',
            'addresses.bin',
            'rejects.singer',
            'audit.jsonl',
            'audit.head',
            'ledger.key',
          ),
          fc.nat(9_999),
          fc.nat(255),
        )
        .map(([name, where, byte]) => Buffer.from(JSON.stringify([name, where, byte]))),
      run: async (bytes) => {
        const [name, where, byte] = JSON.parse(bytes.toString()) as [string, number, number];
        const folderOfState = mkdtempSync(join(folder, 'ledger-'));
        write('ledger.json', JSON.stringify({ ...target, state_dir: folderOfState }));
        const run = (command: string[]) =>
          ended(start('target-together', [...command, '--config', at('ledger.json')], { env, input: messages }));
        await run([]);
        try {
          // The audit log has a file a month.
          const month = readdirSync(folderOfState).find((one) => /^audit-.*jsonl$/.test(one)) ?? name;
          const path = join(folderOfState, name === 'audit.jsonl' ? month : name);
          const content = readFileSync(path);
          if (content.length === 0) return;
          content[where % content.length] = byte;
          writeFileSync(path, byte % 4 === 0 ? content.subarray(0, where % content.length) : content, { mode: 0o600 });
        } catch {
          return; // A run without refusals has no file of them.
        }
        await run([]);
        await ended(start('target-together', ['status', '--config', at('ledger.json')], { env, input: '' }));
        rmSync(folderOfState, { recursive: true, force: true });
      },
    },
  ];
  return {
    targets,
    close: async () => {
      await Promise.all([ukg.close(), together.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
