/** What `npm run workflows` can't see: that workflows and templates fit this repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { majors } from '../../scripts/supply-chain/installed.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = (name: string) => readFileSync(path(name), 'utf8');
const manifest = JSON.parse(text('package.json')) as { scripts: Record<string, string>; engines: { node: string } };
const workflows = readdirSync(path('.github/workflows')).map((name) => `.github/workflows/${name}`);

describe.each(workflows)('%s', (name) => {
  const content = text(name);

  it('pins each action and image by a version', () => {
    const actions = [...content.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@v\d+(\.\d+)*$/);
    for (const [, image] of content.matchAll(/image: (.*)/g)) expect(image).toMatch(/^[\w-]+:[\d.]+-\w+$/);
  });

  it('runs only scripts that exist', () => {
    for (const [, script] of content.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
      expect(manifest.scripts, `npm run ${script}`).toHaveProperty([script as string]);
    for (const [script] of content.matchAll(/(?<=run: )(?:scripts|\.ci)\/\S+/g))
      expect(existsSync(path(script)), script).toBe(true);
  });

  it('gives no job more than it needs', () => {
    const { permissions, jobs } = parse(content) as {
      permissions: Record<string, string>;
      jobs: Record<string, { permissions?: Record<string, string> }>;
    };
    for (const each of [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})])
      for (const [scope, access] of Object.entries(each))
        expect([scope, access]).toEqual(scope === 'id-token' ? ['id-token', 'write'] : [scope, 'read']);
  });
});

describe('the checks', () => {
  const { jobs } = parse(text('.github/workflows/checks.yml')) as {
    jobs: { node: { strategy: { matrix: { node: number[] } }; steps: { run?: string }[] } };
  };
  const commands = jobs.node.steps.map(({ run }) => run ?? '');

  it('run on every Node.js that the packages allow', () => {
    const tried = jobs.node.strategy.matrix.node.map(String);
    expect(tried).toEqual(majors);
    expect(tried).toEqual([...manifest.engines.node.matchAll(/[\^=](\d+)/g)].map(([, major]) => major));
    expect(majors).toContain(text('.nvmrc').trim());
  });

  it("run the README's commands as they stand there", () => {
    const readme = text('README.md');
    for (const command of ['npm ci && npm run demo', 'npm cit']) {
      expect(readme).toContain(`\n${command}\n`);
      expect(commands).toContain(command);
    }
    expect(commands).toContain('npm run check');
  });
});

describe.each(['bug', 'feature'])('the issue form %s', (name) => {
  const form = parse(text(`.github/ISSUE_TEMPLATE/${name}.yml`)) as {
    name: string;
    description: string;
    body: { type: string; id?: string; attributes: { label?: string; value?: string; options?: string[] } }[];
  };

  it('is of the form that GitHub takes', () => {
    expect(form).toMatchObject({ name: expect.any(String) as string, description: expect.any(String) as string });
    const ids = form.body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, id, attributes } of form.body) {
      if (type === 'markdown') expect(attributes.value).toBeTypeOf('string');
      else
        expect({ type, id, ...attributes }).toMatchObject({
          id: expect.any(String) as string,
          label: expect.any(String) as string,
        });
      if (type === 'dropdown') expect(attributes.options?.length).toBeGreaterThan(1);
      expect(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']).toContain(type);
    }
  });
});

it('dependabot watches every folder that has a lock file', () => {
  const { updates } = parse(text('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; directories?: string[] }[];
  };
  const npm = updates.find((each) => each['package-ecosystem'] === 'npm');
  expect(npm?.directories).toEqual(['/', '/packaging/supply-chain']);
  for (const folder of npm?.directories ?? []) expect(existsSync(path(`.${folder}/package-lock.json`))).toBe(true);
});
