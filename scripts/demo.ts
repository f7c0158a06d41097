/**
 * `npm run demo`: the main job on invented people, with real processes and real HTTP, on this machine only.
 * A first full sync, a day of changes, a second sync that sends only those, and what Together then holds.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playDay } from '@ukg-together/sandbox/life';
import { startTogether } from '@ukg-together/sandbox/together-server';
import { startUkg } from '@ukg-together/sandbox/ukg-server';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'demo-output');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const at = (name: string) => relative(root, join(folder, name));

const people = 1200;
const ukg = await startUkg({ people, seed: 20 });
const together = await startTogether();
const config = at('config.json');
writeFileSync(
  join(root, config),
  `${JSON.stringify(
    {
      'tap-ukg-pro': {
        base_url: ukg.url,
        username: ukg.credentials.username,
        password: ukg.credentials.password,
        customer_api_key: ukg.credentials.customerApiKey,
        time_zone: ukg.world.zone,
      },
      'target-together': {
        api_url: together.url,
        organization_id: together.credentials.organizationId,
        client_id: together.credentials.clientId,
        api_key: together.credentials.apiKey,
        state_dir: at('together'),
      },
    },
    null,
    2,
  )}\n`,
  { mode: 0o600 },
);

const say = (text = '') => process.stdout.write(`${text}\n`);
const title = (text: string) => say(process.stdout.isTTY ? `\n\u001b[1m${text}\u001b[0m` : `\n${text}`);

/** Runs the pipe in bash, exactly as a person would type it. */
async function pipe(command: string): Promise<void> {
  say(`$ ${command}`);
  const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
    cwd: root,
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`, LOGLEVEL: 'WARNING' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) {
    say(`The pipe ended with exit code ${code}.`);
    process.exitCode = 1;
  }
}

interface Summary {
  outcomes: Record<string, number>;
  people_read: number;
}
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Summary;
const posts = () => together.journal.matching().filter((entry) => entry.method === 'POST');
const sent = () => posts().reduce((sum, entry) => sum + (entry.ids?.length ?? 0), 0);

title(`A UKG Pro with ${people} invented people and an empty Together, both on 127.0.0.1`);
title('1. The first night: everybody');
const flags = (night: number) =>
  `--save-state ${at('state.json')} --summary ${at(`summary-${night}.json`)} --report ${at(`report-${night}.html`)}`;
await pipe(`tap-ukg-pro --config ${config} | target-together --config ${config} ${flags(1)}`);
say(`Together was asked ${posts().length} times for ${sent()} people and holds ${together.users.size}.`);

title('2. A day at the company');
const day = playDay(ukg.world, { changes: 50, seed: 4 });
const kinds = new Map<string, number>();
for (const event of day) kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1);
say([...kinds].map(([kind, count]) => `${count} × ${kind}`).join(' · '));

title('3. The second night: only what changed');
together.journal.clear();
await pipe(
  `tap-ukg-pro --config ${config} --state ${at('state.json')} | target-together --config ${config} ${flags(2)}`,
);
say(
  `Together was asked ${posts().length} time${posts().length === 1 ? '' : 's'} for ${sent()} people and holds ${together.users.size}.`,
);

title('4. What Together now holds');
const byStatus = new Map<string, number>();
for (const user of together.users.values()) {
  const status = String(user['employeeStatusCode']);
  byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
}
say(`active ${byStatus.get('A') ?? 0} · on leave ${byStatus.get('L') ?? 0} · terminated ${byStatus.get('T') ?? 0}`);
const [example] = together.users.values();
say(JSON.stringify(example, null, 2));
const shortest = together.journal.minGap();
say(
  `Limits broken: ${together.journal.violations().length}${Number.isFinite(shortest) ? `; shortest pause between two requests: ${(shortest / 1000).toFixed(3)} s` : ''}`,
);
const second = read('summary-2.json');
say(
  `Outcomes of the second night: ${Object.entries(second.outcomes)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')} (of ${second.people_read} read)`,
);
say(`\nThe reports: ${at('report-1.html')} and ${at('report-2.html')} (open them in a browser)`);

await Promise.all([ukg.close(), together.close()]);
