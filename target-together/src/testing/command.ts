/** Commands as they are typed, on one folder, against a Together that answers on this machine. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@ukg-together/kit/clock';
import { parseCommandLine } from '@ukg-together/kit/command/command-line';
import { asConnectorError } from '@ukg-together/kit/error';
import type { ConnectorEvent } from '@ukg-together/protocol/event';
import { commandTable } from '../cli/command-table.ts';
import { runCommand } from '../cli/dispatch.ts';
import type { TogetherUser } from '../model/person.ts';
import { testFolder, testIo, testSchema } from './session.ts';

export interface Typed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of the log; the last one is the error, where the command threw one. */
  readonly log: readonly string[];
}

export interface Request {
  readonly method: string;
  readonly users: readonly TogetherUser[];
}

export async function commandWorld(
  settings: object = {},
  answer: (request: Request) => { readonly status: number; readonly body?: string } = () => ({ status: 200 }),
) {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const seen = { method: request.method ?? '', users: body === '' ? [] : (JSON.parse(body) as TogetherUser[]) };
      requests.push(seen);
      const { status, body: text = '' } = answer(seen);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  const place = await testFolder({
    api_url: `http://127.0.0.1:${port}`,
    min_interval_ms: 0,
    max_retries: 0,
    ...settings,
  });
  return {
    ...place,
    requests,
    /** Bodies of every POST, in order. */
    sent: () => requests.filter(({ method }) => method === 'POST').flatMap(({ users }) => users),
    async type(argv: readonly string[], input?: string): Promise<Typed> {
      const { io, lines, stdout, stderr } = testIo({ input, clock: systemClock });
      const texts = () => lines.map(({ message }) => message);
      try {
        const code = await runCommand(parseCommandLine(commandTable, [...argv, '--config', place.config]), io);
        return { code, stdout: stdout(), stderr: stderr(), log: texts() };
      } catch (thrown) {
        const { exitCode, message, hint } = asConnectorError(thrown);
        const told = hint === undefined ? message : `${message} ${hint}`;
        return { code: exitCode, stdout: stdout(), stderr: stderr(), log: [...texts(), told] };
      }
    },
    async close() {
      await place.remove();
      server.closeAllConnections();
      await new Promise((closed) => {
        server.close(closed);
      });
    },
  };
}

export type CommandWorld = Awaited<ReturnType<typeof commandWorld>>;

/** A complete read of these users as a tap writes it; `schema`: of columns beyond the usual ones. */
export const tapOutput = (users: readonly object[], bookmark: unknown = 'end', schema: object = testSchema): string =>
  [
    { type: 'SCHEMA', stream: 'employees', schema, key_properties: ['employeeId'] },
    ...users.map((record) => ({ type: 'RECORD', stream: 'employees', record, version: 1 })),
    { type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 },
    { type: 'STATE', value: bookmark },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');

/** The same as events. */
export const tapEvents = (users: readonly object[], bookmark: unknown = 'end'): ConnectorEvent[] => [
  { type: 'schema', stream: 'employees', schema: testSchema, keyProperties: ['employeeId'] },
  ...users.map(
    (record): ConnectorEvent => ({
      type: 'record',
      stream: 'employees',
      record: record as Record<string, unknown>,
      version: 1,
    }),
  ),
  { type: 'activate_version', stream: 'employees', version: 1 },
  { type: 'state', value: bookmark },
];
