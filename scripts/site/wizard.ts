/** What `target-together init` shows a person at a terminal, until UKG Pro has let the account in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startUkg } from '@ukg-together/sandbox/ukg-server';
import { atTerminal } from '../../test/support/terminal.ts';

interface Screen {
  write(text: string, done: () => void): void;
  readonly buffer: {
    readonly active: { getLine(row: number): { translateToString(trim: boolean): string } | undefined };
  };
}
type ScreenClass = new (options: { cols: number; rows: number; allowProposedApi: boolean }) => Screen;

/** The first rows of a terminal on which all of `shown` was written: the wizard draws over what it drew. */
async function screenOf(root: string, shown: string): Promise<string[]> {
  const { Terminal } = createRequire(join(root, 'site/package.json'))('@xterm/headless') as { Terminal: ScreenClass };
  const screen = new Terminal({ cols: 80, rows: 40, allowProposedApi: true });
  await new Promise<void>((done) => screen.write(shown, done));
  return Array.from({ length: 60 }, (_, row) => screen.buffer.active.getLine(row)?.translateToString(true) ?? '');
}

export async function wizardScreen(root: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wizard-'));
  const ukg = await startUkg({ people: 50, seed: 20 });
  const { username, password, customerApiKey } = ukg.credentials;
  try {
    const { shown } = await atTerminal('target-together init', {
      cwd: folder,
      env: {
        PATH: `${join(root, 'node_modules/.bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: folder,
        LANG: 'C.UTF-8',
      },
      knows: [
        ['kept?', ''],
        ['Any address', ukg.url],
        ['User name', username],
        ['Its password', password],
        ['Customer API key', customerApiKey],
        ['Time zone', ukg.world.zone],
        // Ctrl+C: the picture ends before the questions about Together.
        ['Region', '\u0003'],
      ],
    });
    const rows = await screenOf(root, shown);
    const end = rows.findIndex((row) => row.includes('Region of your organization'));
    if (end < 0 || !rows.some((row) => row.includes('lets the account in everywhere')))
      throw new Error(`init no longer shows that UKG Pro lets the account in, and then asks for the region:\n${shown}`);
    return ['$ target-together init', ...rows.slice(0, end - 1)].join('\n');
  } finally {
    await ukg.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
