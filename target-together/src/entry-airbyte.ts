/** destination-together: Airbyte's `spec`, `check`, `discover` and `write` over the same core. What needs no core is answered without it. */

import { systemClock } from '@ukg-together/kit/clock';
import { print } from '@ukg-together/kit/lines/print';
import { type LineWriter, lineWriter } from '@ukg-together/kit/lines/write-lines';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { type AirbyteConnector, airbyteTable, runAirbyte } from '@ukg-together/protocol/airbyte/command';
import type { AirbyteMessage } from '@ukg-together/protocol/airbyte/message';
import packageJson from '../package.json' with { type: 'json' };

let opened: LineWriter | undefined;
const io = {
  clock: systemClock,
  redactor: createRedactor(),
  print,
  /** Opened when first written to: `spec` does without. */
  get writer() {
    return (opened ??= lineWriter(process.stdout));
  },
};

const connector: AirbyteConnector = {
  table: airbyteTable('destination-together', 'destination'),
  version: packageJson.version,
  spec: async () => (await import('./generated/spec.ts')).spec as unknown as AirbyteMessage,
  check: async (args) => (await import('./cli/airbyte.ts')).check(args, io),
  discover: async (args) => (await import('./cli/airbyte.ts')).discover(args, io),
  write: async (args) => (await import('./cli/airbyte.ts')).write(args, io),
};

// Never process.exit: it would cut off what a slow reader has not taken yet.
void runAirbyte(connector, process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
