/** The real world, for both executables: network, clock, signals, temporary files. */
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warnOfDebugging } from '@ukg-together/kit/log/debug-switches';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Redactor } from '@ukg-together/kit/log/redact';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { loadSettings } from '@ukg-together/kit/settings/load-settings';
import { withoutTlsSwitch } from '@ukg-together/transport/http/agents';
import { createHttp, type Send } from '@ukg-together/transport/http/request';
import packageJson from '../../package.json' with { type: 'json' };
import type { Spill } from '../employees/store/row-store.ts';
import settingsJson from '../generated/settings.json' with { type: 'json' };
import { type Settings, settingsSchema } from '../settings/settings.ts';

/** Reads, resolves and checks the settings; everything secret becomes known to the redactor. */
export async function readSettings(
  files: readonly string[],
  log: Logger,
  redactor: Redactor,
  { ofPlatform = false } = {},
): Promise<Settings> {
  withoutTlsSwitch(process.env, (message) => log.warn(message));
  warnOfDebugging(process.env, process.execArgv, (message) => log.warn(message));
  const http = createHttp({ timeoutMs: 30_000, env: process.env, userAgent: userAgent() });
  try {
    const settings = await loadSettings<Settings>({
      files,
      env: process.env,
      name: 'tap-ukg-pro',
      schema: settingsSchema as never,
      json: settingsJson as unknown as JsonSchema,
      log,
      ofPlatform,
      redactor,
      secrets: { send: http.send },
    });
    redactor.add(Buffer.from(`${settings.username}:${settings.password}`, 'utf8').toString('base64'));
    return settings;
  } finally {
    await http.close();
  }
}

export function userAgent(): string {
  return `tap-ukg-pro/${packageJson.version}`;
}

export function openHttp(settings: Settings): { send: Send; close(): Promise<void> } {
  return createHttp({
    timeoutMs: settings.request_timeout_secs * 1000,
    env: process.env,
    userAgent: settings.user_agent ?? userAgent(),
    connections: settings.max_concurrency,
  });
}

/** What a run that was stopped says next to the signal. */
export const goesOn = 'Streams that were finished stay finished; the next run goes on from there.';

/** A file of our own (0600) that has lost its name before its first byte: gone with the process, whatever ends it. */
export function openSpill(): Spill {
  const folder = mkdtempSync(join(tmpdir(), 'tap-ukg-pro-'));
  let file: number;
  try {
    file = openSync(join(folder, 'rows'), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  } finally {
    // Windows keeps an open file's name; there the folder goes when the file is closed.
    rmSync(folder, { recursive: true, force: true, maxRetries: 0 });
  }
  return {
    write(bytes, position) {
      for (let done = 0; done < bytes.length; )
        done += writeSync(file, bytes, done, bytes.length - done, position + done);
    },
    read(bytes, position) {
      for (let done = 0; done < bytes.length; ) {
        const count = readSync(file, bytes, done, bytes.length - done, position + done);
        // The last chunk may end before a generous read does.
        if (count === 0) return;
        done += count;
      }
    },
    close() {
      closeSync(file);
    },
  };
}
