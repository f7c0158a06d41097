/** `npm run rehearse`: plays all life events with each preset, and notes in it when and with which version it passed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'target-together/package.json'), 'utf8')) as { version: string };
const on = new Date().toISOString().slice(0, 10);
const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
try {
  const config = join(folder, 'config.json');
  const account = { region: 'us', organization_id: 'o', client_id: 'c', api_key: 'k' };
  writeFileSync(config, JSON.stringify(account), { mode: 0o600 });
  const presets = join(root, 'target-together/presets');
  for (const name of readdirSync(presets)) {
    const args = ['rehearse', '--config', config, '--preset', name.replace('.json', '')];
    // Throws, with what is odd on stderr, where it does not pass.
    execFileSync(process.execPath, [join(root, 'target-together/dist/target-together.mjs'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const text = readFileSync(join(presets, name), 'utf8');
    const passed = `"rehearsed": { "on": "${on}", "version": "${version}" }`;
    writeFileSync(join(presets, name), text.replace(/"rehearsed": \{[^}]*\}/, passed));
    console.log(`${name}: passed`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
