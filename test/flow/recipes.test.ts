/** docs/recipes.md: each recipe's settings and command, on its sample, plan what the page says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets } from '../../target-together/src/mapping/rules/presets.ts';
import { start } from '../support/pipe.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const block = (text: string, language: string) => new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'm').exec(text)?.[1];

const recipes = file('docs/recipes.md')
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    name: text.split('\n')[0] as string,
    sample: /Sample: `([^`]+)`/.exec(text)?.[1] as string,
    settings: JSON.parse(block(text, 'json') ?? '{}') as { mapping?: { preset: string } },
    command: block(text, 'sh')?.trim().split(' | ')[1] as string,
    plan: block(text, 'text')?.trim().split('\n') as string[],
  }));

// Nobody answers there, and nobody is asked: a plan sends nothing.
const account = { api_url: 'http://127.0.0.1:9', organization_id: 'org', client_id: 'client', api_key: 'key' };

describe('recipes', () => {
  it('are there for each preset', () => {
    expect(recipes.map(({ settings }) => settings.mapping?.preset ?? 'ukg-pro').sort()).toEqual(
      presets.map(({ name }) => name).sort(),
    );
  });

  it.concurrent.each(recipes)('$name: the plan is the one of the page', async ({ sample, settings, command, plan }) => {
    const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
    try {
      const config = { ...account, state_dir: null, ...settings };
      writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
      const [program = '', ...args] = command.split(' ');
      const input = file(`target-together/src/mapping/samples/${sample}.singer`);
      const ran = await start(program, args, { cwd: folder, input });
      expect(ran.code, ran.stderr).toBe(0);
      expect(plan).toHaveLength(2);
      for (const line of plan) expect(ran.stderr).toContain(line);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
