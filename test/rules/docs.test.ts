/** The docs hang together: each page is in its index, and no link is dead. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandTable as tapTable } from '../../tap-ukg-pro/src/cli/command-table.ts';
import { commandTable as targetTable } from '../../target-together/src/cli/command-table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');

/** Every Markdown file of the repository, none that was installed, built or cached. */
function pages(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (/^(node_modules|dist|\.git|\.cache|coverage|demo-output|\.venv.*)$/.test(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pages(path) : path.endsWith('.md') ? [path] : [];
  });
}
const all = pages();

/** Every source file, by its path from the root. */
const sources = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(node_modules|dist|\.git|\.cache|coverage)$/.test(entry.name))
  .flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
  )
  .filter((path) => /\.(ts|mjs|cjs|sh|json|ya?ml)$/.test(path) && !path.includes('node_modules'));

/** What the site shows in its column without scrolling sideways. */
const mostColumns = 72;

/** Diagrams of text: code without a language. */
const diagrams = (page: string) =>
  [...text(page).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(([, language, code = '']) =>
    language === '' ? code.split('\n') : [],
  );

/** What a page shows: without code, in which brackets are no links. */
const prose = (page: string) =>
  text(page)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');

const links = (page: string) =>
  [...prose(page).matchAll(/\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The anchors that GitHub gives the headings of a page, and those that it has of its own. */
const anchors = (page: string) => [
  ...[...text(page).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id as string),
  ...[
    ...text(page)
      .replace(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/\]\([^)]*\)/g, '')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  ),
];

/** Targets of a page's links, from the root. */
const targets = (page: string) =>
  links(page).map((target) => relative(root, join(root, dirname(page), target.split('#')[0] as string)));

describe.each(all)('%s', (page) => {
  it('has no dead link', () => {
    const dead = links(page).filter((target) => {
      const [path, anchor] = target.split('#') as [string, string?];
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && statSync(join(root, file)).isFile() && !anchors(file).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names only sources that exist', () => {
    const named = [...text(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|cjs))`/g)].map(
      ([, path]) => path as string,
    );
    const gone = named.filter((path) => !sources.some((each) => each === path || each.endsWith(`/${path}`)));
    expect(gone).toEqual([]);
  });
});

/** Code blocks of the guides in one language. */
const blocks = (language: string) =>
  all
    .filter((page) => page === 'README.md' || /^docs\/[\w-]+\.md$/.test(page))
    .flatMap((page) =>
      [...text(page).matchAll(new RegExp(`^ *\`\`\`${language}\\n([^]*?)^ *\`\`\``, 'gm'))].map(
        ([, code]) => [page, code as string] as const,
      ),
    );

it('diagrams of text fit the column of the site', () => {
  const guides = all.filter((page) => /^docs\/[\w-]+\.md$/.test(page));
  const wide = guides.flatMap((page) =>
    diagrams(page).flatMap((line) => (line.length > mostColumns ? [`${page}: ${line}`] : [])),
  );
  expect(wide).toEqual([]);
});

it('JSON in the guides can be parsed', () => {
  const found = blocks('json');
  expect(found.length).toBeGreaterThan(10);
  // A block may be one setting of an object, as it stands in a file.
  for (const [page, code] of found)
    expect(() => JSON.parse(/^\s*[[{]/.test(code) ? code : `{${code}}`), `${page}: ${code}`).not.toThrow();
});

it('shell blocks of the guides name scripts that exist', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  const named = blocks('sh').flatMap(([, code]) => [...code.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]);
  expect(named.length).toBeGreaterThan(3);
  expect(named.map(([, name]) => name as string).filter((name) => !(name in scripts))).toEqual([]);
});

it('shell blocks of the guides give our programs commands that exist', () => {
  const known = Object.fromEntries(
    [tapTable, targetTable].map(({ name, commands }) => [
      name,
      ['help', 'completion', ...Object.keys(commands).map((each) => each.split(' ')[0] as string)],
    ]),
  );
  const named = blocks('sh').flatMap(([page, code]) =>
    [...code.matchAll(/(?<![\w/.-])(tap-ukg-pro|target-together) +([a-z]+)(?=\s)/g)].map(
      ([, program, command]) => [page, program as string, command as string] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(([, program, command]) => !known[program]?.includes(command))).toEqual([]);
});

it('reads links as they are written', () => {
  expect(all).toContain('README.md');
  expect(links('README.md')).toContain('docs/README.md');
  expect(anchors('docs/settings.md')).toEqual(['settings', 'tap-ukg-pro', 'target-together']);
});

it('docs/README.md names every page of docs/ once', () => {
  const indexed = targets('docs/README.md').filter((path) => path.startsWith('docs/'));
  const expected = all.filter((path) => /^docs\/(?!decisions\/|README\.md)/.test(path));
  expect(indexed.sort()).toEqual([...expected, 'docs/decisions/README.md'].sort());
});

it('the sidebar of the site names every page of docs/ once', () => {
  const [, sidebar = ''] = text('site/.vitepress/config.mjs').split('sidebar:');
  const named = [...sidebar.matchAll(/page\('[^']+', '([^']*)'\)/g)].map(
    ([, link]) => `docs/${(link as string).replace(/^$|\/$/, '$&README')}.md`,
  );
  const expected = all.filter((path) => /^docs\/[\w-]+\.md$/.test(path));
  expect(named.sort()).toEqual([...expected, 'docs/decisions/README.md'].sort());
});

it('docs/decisions/ holds numbered records and their index, nothing else', () => {
  const names = all.flatMap((path) => /^docs\/decisions\/(.*)$/.exec(path)?.[1] ?? []);
  expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual(['README.md']);
});
