/** What a built site must hold: no dead link or anchor, no accessibility fault, and a search that answers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, posix } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { openChromium } from '../../test/browser/chromium.ts';
import { questions } from './questions.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const decode = (text: string) => decodeURIComponent(text.replaceAll('&amp;', '&'));

/** Dead links of the site in `dist`: `page → target`. */
export function deadLinks(dist: string): string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const html = new Map(
    files.filter((path) => path.endsWith('.html')).map((path) => [path, readFileSync(join(dist, path), 'utf8')]),
  );
  const ids = new Map(
    [...html].map(([path, text]) => [
      path,
      new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => decode(id as string))),
    ]),
  );
  return [...html].flatMap(([page, text]) =>
    [...text.matchAll(/ (?:href|src)="([^"]+)"/g)]
      .map(([, target]) => target as string)
      .filter((target) => !/^([a-z]+:|\/\/)/.test(target))
      .filter((target) => {
        const [path = '', anchor] = decode(target).split('#');
        const bare = path.split('?')[0] as string;
        const file = bare === '' ? page : bare.startsWith('/') ? bare.slice(1) : posix.join(posix.dirname(page), bare);
        const known = file === '' || file.endsWith('/') ? `${file}index.html` : file;
        if (!files.includes(known)) return true;
        return anchor !== undefined && anchor !== '' && !(ids.get(known)?.has(anchor) ?? true);
      })
      .map((target) => `${page} → ${target}`),
  );
}

async function serve(dist: string) {
  const server = createServer((request, response) => {
    const path = decode(new URL(request.url ?? '/', 'http://site').pathname);
    const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

async function axeFaults(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe);
  const { violations, passes } = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })',
  )) as AxeResults;
  if (passes.length < 10) throw new Error('axe checked next to nothing');
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes.length} × ${nodes[0]?.target.join(' ')}: ${nodes[0]?.html.slice(0, 120)})`,
  );
}

/** The page that the search shows first, as `settings`. */
async function firstAnswer(page: Page, question: string): Promise<string> {
  await page.keyboard.press('Control+k');
  const input = page.locator('#localsearch-input');
  await input.fill(question);
  const first = page.locator('.VPLocalSearchBox a.result').first();
  await first.waitFor();
  // The list is filled a moment after the words: wait until it stays.
  let href: string | null = null;
  for (let same = 0; same < 3; ) {
    await page.waitForTimeout(120);
    const now = await first.getAttribute('href');
    same = now === href ? same + 1 : 0;
    href = now;
  }
  await page.keyboard.press('Escape');
  await input.waitFor({ state: 'detached' });
  return (href ?? '').replace(/^\//, '').replace(/\.html(#.*)?$/, '');
}

const mainPages = [
  '',
  'concepts',
  'tutorial',
  'first-hour',
  'recipes',
  'going-live',
  'faq',
  'troubleshooting',
  'operations',
  'settings',
  'glossary',
];

/** Everything that is wrong with the site in `dist`, a line each. `axe`: the checker's source. */
export async function siteFaults(dist: string, axe: string): Promise<string[]> {
  const faults = deadLinks(dist).map((link) => `dead link: ${link}`);
  const server = await serve(dist);
  const browser = await openChromium();
  try {
    const page = await browser.context.newPage();
    page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
    for (const name of mainPages) {
      await page.goto(`${server.url}/${name === '' ? '' : `${name}.html`}`);
      await page.locator('.VPNavBarSearch button').waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(colorScheme === 'dark' ? 'html.dark' : 'html:not(.dark)').waitFor();
        for (const fault of await axeFaults(page, axe)) faults.push(`axe: ${name || 'index'} ${colorScheme}: ${fault}`);
      }
    }
    for (const [question, expected] of questions) {
      const found = await firstAnswer(page, question);
      if (found !== expected) faults.push(`search: "${question}" shows ${found} first, not ${expected}`);
    }
  } finally {
    await browser.close();
    server.close();
  }
  return faults;
}
