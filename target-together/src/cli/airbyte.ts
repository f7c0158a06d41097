/** The destination: Airbyte's messages in, the same run as Singer's, states echoed with their counts. */

import { systemClock } from '@ukg-together/kit/clock';
import { ExitCode } from '@ukg-together/kit/error';
import { readJsonFile } from '@ukg-together/kit/lines/json';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import { createLogger } from '@ukg-together/kit/log/log';
import type { Redactor } from '@ukg-together/kit/log/redact';
import { watched } from '@ukg-together/kit/log/telemetry';
import { show } from '@ukg-together/kit/text/show';
import { readConfiguredCatalog } from '@ukg-together/protocol/airbyte/catalog';
import type { AirbyteArgs } from '@ukg-together/protocol/airbyte/command';
import { decodeAirbyte, echoState } from '@ukg-together/protocol/airbyte/decode';
import { type AirbyteMessage, airbyteEnv, logSink } from '@ukg-together/protocol/airbyte/message';
import userSchema from '../../../catalog/together-user.schema.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import { tryTogether } from '../app/ask-together.ts';
import { type Io, processIo } from '../app/io.ts';
import { tryState } from '../app/open-state.ts';
import { openSession } from '../app/session.ts';
import { until } from '../collect/input.ts';
import { hrisPrefix } from '../model/user-fields.ts';
import { destinationSyncModes } from '../settings/airbyte-form.ts';
import { runAndReport } from './commands/command.ts';

interface Out {
  readonly writer: LineWriter;
  readonly redactor: Redactor;
}

function ioOf(args: AirbyteArgs, { writer, redactor }: Out): Io {
  const env = airbyteEnv(process.env, args);
  const log = createLogger({
    name: 'target-together',
    env,
    stream: process.stderr,
    clock: systemClock,
    redactor,
    sink: logSink(writer),
  });
  return processIo({ env, log, redactor, structured: true });
}

/** Throws what is wrong with settings, state folder, host or key. */
export async function check(args: AirbyteArgs, out: Out): Promise<void> {
  const session = await openSession([args.config], ioOf(args, out), 'destination-together');
  try {
    session.io.log.info(await tryState(session));
    session.io.log.info(await tryTogether(session));
  } finally {
    await session.close();
  }
}

/** The one object that Together has, with its key; the custom fields are those that the settings name. */
export async function discover(args: AirbyteArgs, out: Out): Promise<AirbyteMessage> {
  const session = await openSession([args.config], ioOf(args, out), 'destination-together');
  await session.close();
  const { mapping, hris_fields } = session.settings;
  const custom = [
    ...Object.keys(mapping.fields ?? {}).filter((name) => name.startsWith(hrisPrefix)),
    ...Object.keys(hris_fields).map((key) => `${hrisPrefix}${key}`),
  ];
  const { properties, required } = userSchema;
  const json_schema = {
    type: 'object',
    required,
    properties: {
      ...properties,
      ...Object.fromEntries(custom.map((name) => [name, { description: 'A custom field.' }])),
    },
  };
  const operation = { object_name: 'users', json_schema, matching_keys: [['employeeId']] };
  return {
    type: 'DESTINATION_CATALOG',
    destination_catalog: {
      operations: destinationSyncModes.map((sync_mode) => ({ ...operation, sync_mode })),
    },
  };
}

/** Throws what ended the sync; returns once every outcome that could be had is kept, and its states are echoed. */
export async function write(args: AirbyteArgs, out: Out): Promise<void> {
  const io = ioOf(args, out);
  const { version } = packageJson;
  await watched({ ...io, name: 'destination-together', version, command: 'write' }, async (log) => {
    await writePeople(args, out, { ...io, log });
    return ExitCode.ok;
  });
}

async function writePeople(args: AirbyteArgs, out: Out, io: Io): Promise<void> {
  const streams = readConfiguredCatalog(await readJsonFile(args.catalog, 'The configured catalog'));
  for (const { name, destinationSyncMode } of streams) {
    if (destinationSyncMode !== 'overwrite') continue;
    io.log.warn(
      `Stream ${show(name)} is to overwrite: no user is ever deleted from Together, so it is taken as append.`,
    );
  }
  const session = await openSession([args.config], io, 'destination-together');
  try {
    await runAndReport(session, {
      mode: 'run',
      protocol: 'airbyte',
      files: {},
      level: 'ids',
      read: (take) =>
        decodeAirbyte(until(io.signal, io.stdin), take, { streams, warn: (message) => io.log.warn(message) }),
      release: (state, { records, rejected }) =>
        echoState(out.writer, state, { delivered: records - rejected, rejected }),
    });
  } finally {
    await session.close();
  }
}
