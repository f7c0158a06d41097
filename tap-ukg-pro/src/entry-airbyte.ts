/** source-ukg-pro: Airbyte's `spec`, `check`, `discover` and `read` over the same core. What needs no core is answered without it. */
import { type AirbyteConnector, airbyteTable, runAirbyte } from '@ukg-together/protocol/airbyte/command';
import type { AirbyteMessage } from '@ukg-together/protocol/airbyte/message';
import { systemClock } from '@ukg-together/protocol/clock';
import { type LineWriter, lineWriter } from '@ukg-together/protocol/jsonl';
import { print } from '@ukg-together/protocol/print';
import { createRedactor } from '@ukg-together/protocol/redact';
import packageJson from '../package.json' with { type: 'json' };

let opened: LineWriter | undefined;
const io = {
  clock: systemClock,
  redactor: createRedactor(),
  print,
  /** Opened when first written to: `spec` does without. */
  get writer() {
    opened ??= lineWriter(process.stdout);
    return opened;
  },
};

const connector: AirbyteConnector = {
  table: airbyteTable('source-ukg-pro', 'source'),
  version: packageJson.version,
  spec: async () => (await import('./generated/spec.ts')).spec as unknown as AirbyteMessage,
  check: async (args) => (await import('./airbyte.ts')).check(args, io),
  discover: async (args) => (await import('./airbyte.ts')).discover(args, io),
  read: async (args) => (await import('./airbyte.ts')).read(args, io),
};

// Never process.exit: it would cut off what a slow reader has not taken yet.
void runAirbyte(connector, process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
