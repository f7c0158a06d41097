#!/usr/bin/env node
/** `npm run sandbox`, `npx ukg-together-sandbox`: both servers by hand, and the commands that go with them. */
import { realpathSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startTogether } from './together-server.ts';
import { startUkg } from './ukg-server.ts';

const USAGE = `npx ukg-together-sandbox [options]      (in the repository: npm run sandbox -- [options])

  --people N            people at the beginning, 1 to 1,000,000 (200)
  --seed N              another seed, other people (1)
  --clean               no mistakes in the data
  --zone Z              the zone of UKG's zone-less times (America/New_York)
  --ukg-port N          8181; 0 for any free port
  --together-port N     8182; 0 for any free port
  --write-config F      writes a settings file for both halves to F (mode 0600)
  --ukg JSON            further options of the UKG server, such as '{"latencyMs":50,"greater":"exclusive"}'
  --together JSON       further options of the Together server, such as '{"answer":"named","revoke":false}'
`;

/** Settings for both halves that fit the two servers. */
export function settingsFor(
  ukg: {
    url: string;
    credentials: { username: string; password: string; customerApiKey: string; userApiKey?: string };
  },
  zone: string,
  together: { url: string; credentials: { organizationId: string; clientId: string; apiKey: string } },
): object {
  const { username, password, customerApiKey, userApiKey } = ukg.credentials;
  return {
    'tap-ukg-pro': {
      base_url: ukg.url,
      username,
      password,
      customer_api_key: customerApiKey,
      ...(userApiKey === undefined ? {} : { user_api_key: userApiKey }),
      time_zone: zone,
    },
    'target-together': {
      api_url: together.url,
      organization_id: together.credentials.organizationId,
      client_id: together.credentials.clientId,
      api_key: together.credentials.apiKey,
      time_zone: zone,
    },
  };
}

const whole = (name: string, text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0) throw new Error(`--${name} wants a whole number, not ${JSON.stringify(text)}`);
  return n;
};
const object = (name: string, text: string): object => {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new Error(`--${name} wants JSON, not ${JSON.stringify(text)}`);
  }
};

export async function main(
  argv: string[],
  print: (line: string) => void,
): Promise<{ stop: () => Promise<void>; stopped: Promise<unknown> } | undefined> {
  const { values } = parseArgs({
    args: argv,
    options: {
      people: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      clean: { type: 'boolean', default: false },
      zone: { type: 'string', default: 'America/New_York' },
      'ukg-port': { type: 'string', default: '8181' },
      'together-port': { type: 'string', default: '8182' },
      'write-config': { type: 'string' },
      ukg: { type: 'string', default: '{}' },
      together: { type: 'string', default: '{}' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return undefined;
  }
  const { zone, clean } = values;
  const ukg = await startUkg({
    port: whole('ukg-port', values['ukg-port']),
    people: whole('people', values.people),
    seed: whole('seed', values.seed),
    clean,
    zone,
    ...object('ukg', values.ukg),
  });
  const together = await startTogether({
    port: whole('together-port', values['together-port']),
    ...object('together', values.together),
  }).catch(async (error: unknown) => {
    await ukg.close();
    throw error;
  });
  const config = values['write-config'] ?? 'sandbox.config.json';
  const settings = `${JSON.stringify(settingsFor(ukg, zone, together), null, 2)}\n`;
  if (values['write-config'] !== undefined) writeFileSync(config, settings, { mode: 0o600 });
  print(
    `UKG Pro    ${ukg.url}   ${ukg.world.size} invented people   user ${ukg.credentials.username}, password ${ukg.credentials.password}, customer key ${ukg.credentials.customerApiKey}`,
  );
  print(
    `Together   ${together.url}   organization-id ${together.credentials.organizationId}, client-id ${together.credentials.clientId}, api-key ${together.credentials.apiKey}`,
  );
  print('');
  if (values['write-config'] === undefined)
    print(`Settings (or let --write-config F write them) for ${config}:\n${settings}`);
  else print(`Settings written to ${config}. Now, in another terminal:\n`);
  print(`  npx tap-ukg-pro --config ${config} | npx target-together --config ${config}`);
  print(`  curl -s ${together.url}/__sandbox/summary\n`);
  print(`A day of life:    curl -s -X POST ${ukg.url}/__sandbox/day -d '{"changes":10}'`);
  print('Ctrl-C ends both. sandbox/README.md has the rest.');
  const stop = async (): Promise<void> => {
    await Promise.all([ukg.close(), together.close()]);
  };
  return { stop, stopped: Promise.all([ukg.closed, together.closed]) };
}

// npm links its commands: the file itself is what was started.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    const running = await main(process.argv.slice(2), (line) => console.log(line));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running?.stop());
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    console.error(
      code === 'EADDRINUSE'
        ? `${message}: another sandbox is running, or choose --ukg-port and --together-port`
        : message,
    );
    process.exitCode = 2;
  }
}
