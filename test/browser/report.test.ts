import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactionLevels } from '../../target-together/src/model/run-summary.ts';
import { writeReport } from '../../target-together/src/report/html/html.ts';
import type { ReportData } from '../../target-together/src/report/model.ts';
import { sampleReport, sampleSummary } from '../../target-together/src/testing/sample-report.ts';
import { openChromium } from './chromium.ts';

/** Set to a folder to keep pictures of the report. */
const shots = process.env.REPORT_SHOTS;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let folder: string;
let browser: Awaited<ReturnType<typeof openChromium>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A page with everything it asked for, said, or failed at. */
async function open(data: ReportData, context: BrowserContext = browser.context) {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.html`);
  await writeReport(file, data);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const url = pathToFileURL(file).href;
  const began = performance.now();
  await page.goto(url);
  return { page, url, requests, complaints, loadMs: performance.now() - began };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const result = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
  )) as AxeResults;
  expect(result.passes.length).toBeGreaterThan(20);
  return result.violations.map(
    (v) =>
      `${v.id}: ${v.help} (${v.nodes
        .map((n) => n.target.join(' '))
        .slice(0, 3)
        .join(', ')})`,
  );
}

const everybody = (level: ReportData['level']) => sampleReport({ size: 10_000, changed: 9_999, level });
const bodyRows = (page: Page, section: string) => page.locator(`#${section} tbody tr`).count();

describe('HTML report', () => {
  it.each(redactionLevels)(
    'of 10,000 people at level %s opens quickly, says nothing on the console and asks for nothing',
    async (level) => {
      const { page, url, requests, complaints, loadMs } = await open(everybody(level));
      expect(await page.locator('h1').textContent()).toContain('accepted');
      await page.locator('#find').fill('10123');
      await page.locator('#found').filter({ hasText: 'match' }).waitFor();
      await page.locator('summary:visible').first().click();
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
      expect(loadMs).toBeLessThan(5000);
      await page.close();
    },
  );

  it.each(['light', 'dark'] as const)(
    'passes an accessibility checker in %s, folded and unfolded',
    async (colorScheme) => {
      const { page, complaints } = await open(sampleReport({ size: 10_000, changed: 900, level: 'full' }));
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
      if (shots) await page.screenshot({ path: join(shots, `${colorScheme}.png`), fullPage: true });
      for (const fold of await page.locator('summary').all()) await fold.click();
      await page.locator('#find').fill('example');
      await page.locator('#found').filter({ hasText: 'match' }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('passes an accessibility checker for a stopped run, a run with nothing to do, and on a phone', async () => {
    const base = sampleSummary();
    const stopped = sampleReport({
      size: 200,
      changed: 90,
      summary: {
        exit_code: 3,
        guards: base.guards.map((g) => ({ ...g, verdict: 'tripped', cause: '71 of 85: departmentName' })),
      },
    });
    const quiet = sampleReport({
      size: 3,
      changed: 0,
      summary: {
        problems: [],
        problem_groups: [],
        guards: [],
        baseline: null,
        baseline_note: 'first run',
        unmapped_codes: [],
        stale: [],
        data_quality: [],
        code_spellings: [],
        source: { ...base.source, complete: false },
        supervisors: { dropped: [], dropped_total: 0, loops: [], relinked: 0 },
      },
    });
    for (const data of [stopped, quiet]) {
      const { page, complaints } = await open(data);
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  it('finds a person among all rows of the file, tells how many, and gives all back on Escape', async () => {
    const data = everybody('names');
    const { page } = await open(data);
    const before = await bodyRows(page, 'leavers');
    const last = [...data.leavers.rows].at(-1);
    expect(data.leavers.total).toBeGreaterThan(before);
    expect(await page.getByRole('rowheader', { name: last?.id as string, exact: true }).count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Find people' }).fill(last?.id as string);
    await page.locator('#found').filter({ hasText: '1 person matches.' }).waitFor();
    expect(await bodyRows(page, 'leavers')).toBe(1);
    expect(await page.locator('#leavers tbody tr').textContent()).toContain(last?.name);
    await page.keyboard.press('Escape');
    expect(await bodyRows(page, 'leavers')).toBe(before);
    expect(await page.locator('#found').textContent()).toBe('');
    await page.close();
  });

  it('finds a person in the worklist and in the coming days too, and says where', async () => {
    const { page } = await open(sampleReport({ size: 4987, changed: 300, level: 'names' }));
    await page.locator('#find').fill('10387');
    await page.locator('#found').filter({ hasText: 'worklist' }).waitFor();
    const shown = await page.locator('#worklist .work > li:visible').allTextContents();
    expect(shown.length).toBeGreaterThan(0);
    for (const entry of shown) expect(entry).toContain('10387');
    await page.locator('#find').fill('10003');
    await expect.poll(() => page.locator('#upcoming tbody tr').count()).toBe(1);
    expect(await page.locator('#upcoming tbody tr').textContent()).toContain('comes back');
    await page.keyboard.press('Escape');
    expect(await page.locator('#worklist .work > li:visible').count()).toBeGreaterThan(shown.length);
    await page.close();
  });

  const parts = (page: Page) =>
    page.locator('main > section:visible').evaluateAll((all) => all.map((part) => (part as { id: string }).id));

  it('filters by action, changed field and outcome, by keyboard alone, and shows everybody again', async () => {
    const data = sampleReport({ size: 4987, changed: 300, level: 'names' });
    const { page, complaints, requests } = await open(data);
    const all = await parts(page);
    const found = page.locator('#found');
    await page.getByLabel('Action', { exact: true }).focus();
    await page.keyboard.type('Leavers');
    await found.filter({ hasText: `${data.leavers.total} people match.` }).waitFor();
    expect(await parts(page)).toEqual(['leavers']);
    await page.getByRole('button', { name: 'Show everybody' }).press('Enter');
    expect(await parts(page)).toEqual(all);
    await page.getByLabel('Changed field').selectOption('lastName');
    await found.filter({ hasText: `${data.summary.changes_by_field['lastName']} people match.` }).waitFor();
    expect(await page.locator('#changes details:visible summary code').allTextContents()).toEqual(['lastName']);
    await page.getByLabel('Changed field').selectOption('');
    await page.getByLabel('Outcome').selectOption({ label: 'refused by Together (2)' });
    await found.filter({ hasText: '2 people match, and 2 entries' }).waitFor();
    expect(await parts(page)).toEqual(['changes', 'worklist']);
    expect(await page.locator('#changes tbody tr:visible').first().textContent()).toContain('refused by Together');
    await page.getByLabel('Outcome').selectOption('');
    await page.getByLabel('Action', { exact: true }).selectOption('invalid');
    await found.filter({ hasText: 'entries' }).waitFor();
    expect(await parts(page)).toEqual(['worklist']);
    expect([complaints, requests.length]).toEqual([[], 1]);
    await page.close();
  });

  it('shows what a link asks for, copies such a link, and leaves it where the navigation leads elsewhere', async () => {
    const { page, url, complaints } = await open(sampleReport({ size: 4987, changed: 300 }));
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const id = (await page.locator('#leavers tbody th').first().textContent()) as string;
    await page.locator('#find').fill(id);
    await page.locator('#found').filter({ hasText: '1 person matches' }).waitFor();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.locator('#found').filter({ hasText: 'The link is copied.' }).waitFor();
    const link = (await page.evaluate('navigator.clipboard.readText()')) as string;
    expect(link).toBe(`${url}#find=${id}`);
    await page.goto('about:blank');
    await page.goto(link);
    await page.locator('#found').filter({ hasText: '1 person matches' }).waitFor();
    expect(await bodyRows(page, 'leavers')).toBe(1);
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0);
    await page.locator('nav a[href="#guards"]').click();
    await page.locator('#guards').waitFor();
    expect(await page.locator('#find').inputValue()).toBe('');
    await page.goto(`${url}#action=no-such&find=`);
    expect(await page.locator('#guards').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('saves what is shown as CSV that a spreadsheet takes for text', async () => {
    const data = sampleReport({ size: 300, changed: 100, level: 'full' });
    const row = { id: '=1+1', name: 'Ada "A" Example', title: '@SUM(A1)', date: '2026-03-30' };
    const { page, complaints } = await open({ ...data, leavers: { total: 1, rows: [row] } });
    await page.getByLabel('Action', { exact: true }).selectOption('leave');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe(
      '\ufeffPart,Id,Field,Outcome,Name,Title,Last day\r\nLeavers,\'=1+1,,,"Ada ""A"" Example",\'@SUM(A1),2026-03-30\r\n',
    );
    expect(download.suggestedFilename()).toMatch(/^Together-sync-[\w-]+\.csv$/);
    await page.getByRole('button', { name: 'Show everybody' }).click();
    const [all] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
    const lines = (await readFile(await all.path(), 'utf8')).split('\r\n');
    expect(lines.filter((line) => line.startsWith('Changes by field,'))).toHaveLength(
      Object.values(data.summary.changes_by_field).reduce((sum, n) => sum + n, 0),
    );
    expect(lines.some((line) => /^Worklist for HR,10455,.*permanently/.test(line))).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('breaks no id, number or day within a cell, and long text only', async () => {
    const data = sampleReport({ size: 40, changed: 30, level: 'full' });
    const word = 'Vice President of Something '.repeat(8);
    const rows = Array.from({ length: 3 }, (_, i) => ({
      id: `RKIFI90000K${i}`,
      number: `0000-${i}-123456`,
      name: word,
      title: word,
      department: word,
      date: '2026-03-30',
      reason: word,
    }));
    const { page } = await open({
      ...data,
      leavers: { total: 3, rows },
      vanished: { total: 3, rows: rows.map(({ id }) => ({ id })) },
    });
    for (const width of [1200, 1440, 700]) {
      await page.setViewportSize({ width, height: 900 });
      const lines = `[...document.querySelectorAll('main bdi')].filter((e) => /^\\S{1,40}$/.test(e.textContent) && e.getClientRects().length > 1).map((e) => e.textContent)`;
      expect(await page.evaluate(lines)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
    await page.close();
  });

  it('prints everybody while a filter is on, and shows what was asked for again', async () => {
    const data = everybody('ids');
    const { page } = await open(data);
    await page.getByLabel('Action', { exact: true }).selectOption('leave');
    await page.locator('#found').filter({ hasText: 'match' }).waitFor();
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await bodyRows(page, 'joiners')).toBe(data.joiners.total);
    expect(await page.locator('main > section[hidden]').count()).toBe(0);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await parts(page)).toEqual(['leavers']);
    expect(await bodyRows(page, 'leavers')).toBe(100);
    await page.close();
  });

  it('prints everybody, however few the screen shows, and shows as few again', async () => {
    const data = everybody('ids');
    const { page } = await open(data);
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await bodyRows(page, 'leavers')).toBe(data.leavers.total);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await bodyRows(page, 'leavers')).toBe(100);
    await page.close();
  });

  it('shows each row of a person whole on a phone, without scrolling sideways', async () => {
    const { page } = await open(sampleReport({ size: 800, changed: 300, level: 'full' }));
    await page.setViewportSize({ width: 390, height: 800 });
    const sideways = `[...document.querySelectorAll('.people .scroll, #guards .scroll')].filter((e) => e.scrollWidth > e.clientWidth).length`;
    expect(await page.evaluate(sideways)).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.close();
  });

  it('shows more rows on demand until all are there, and says how many are shown', async () => {
    const data = everybody('ids');
    const { page } = await open(data);
    const more = page.locator('#leavers .more button');
    expect(await page.locator('#leavers .more span').textContent()).toBe(`100 of ${data.leavers.total} shown`);
    while (await more.isVisible()) await more.click();
    expect(await bodyRows(page, 'leavers')).toBe(data.leavers.total);
    const ids = await page.locator('#leavers tbody th').allTextContents();
    expect(ids).toEqual([...data.leavers.rows].map((row) => row.id));
    await page.close();
  });

  it('is usable by keyboard: skip link first, then navigation, folds and buttons', async () => {
    const { page } = await open(sampleReport({ size: 500, changed: 200 }));
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the report');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Guards');
    const fold = page.locator('#changes summary').first();
    await fold.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#changes details').first().getAttribute('open')).not.toBeNull();
    await page.close();
  });

  it('shows hostile text as text', async () => {
    const evil = '</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>"\'&\u2028\u202E\uD800';
    const data = sampleReport({
      size: 400,
      changed: 300,
      level: 'full',
      summary: { run_id: evil, excluded_by: { [evil]: 1 } },
    });
    const poisoned: ReportData = {
      ...data,
      leavers: {
        total: 300,
        rows: Array.from({ length: 300 }, (_, i) => ({ id: `${i}${evil}`, name: evil, title: evil })),
      },
      changes: {
        total: 1,
        rows: [
          {
            id: evil,
            name: evil,
            changes: [
              { field: evil, from: evil, to: evil },
              { field: 'title', from: evil, to: evil },
            ],
          },
        ],
      },
      ...(data.tree ? { tree: { ...data.tree, name: () => evil, id: (p: number) => `${p}${evil}` } } : {}),
    };
    // Characters that turn text around or break lines are shown by their number.
    const shown = evil.replace('\u2028', '\\u2028').replace('\u202E', '\\u202e');
    const { page, complaints, requests } = await open(poisoned);
    await page.locator('#find').fill('299</script>');
    await page.locator('#found').filter({ hasText: '1 person matches.' }).waitFor();
    expect(await page.locator('#leavers tbody bdi').nth(1).textContent()).toBe(shown);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
    await page.close();
  });

  it('keeps words of any length and direction within the page', async () => {
    const long = 'x'.repeat(5000);
    const name = '\u202Eevil\u200F '.repeat(3) + long;
    const rows = Array.from({ length: 30 }, (_, i) => ({ id: `${i}${long}`, name, title: long, why: long }));
    const base = sampleSummary();
    const data: ReportData = {
      ...sampleReport({ size: 40, changed: 30, level: 'full' }),
      summary: sampleSummary({
        causes: base.causes.map((cause) => ({ ...cause, field: 'departmentName', to: long })),
        problems: base.problems.map((problem) => ({ ...problem, id: long })),
        code_spellings: [{ field: 'title', spellings: [{ value: long, people: 3 }] }],
        error: { kind: 'unexpected', message: long, hint: long, docs: long },
        exit_code: 1,
      }),
      leavers: { total: 30, rows },
      changes: {
        total: 1,
        rows: [{ id: long, name, changes: [{ field: `hrisFields.${long}`, from: long, to: long }] }],
      },
    };
    const { page, complaints } = await open(data);
    for (const fold of await page.locator('summary').all()) await fold.click();
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = `[...document.querySelectorAll('body *')].filter((e) => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 60))`;
      expect(await page.evaluate(wide)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      if (shots) await page.screenshot({ path: join(shots, `long-${width}.png`) });
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('could not reach the network if it wanted to', async () => {
    let reached = 0;
    const server = createServer((_, response) => {
      reached++;
      response.setHeader('access-control-allow-origin', '*').end('reached');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { page } = await open(sampleReport({ size: 10, changed: 2 }));
    const tried = await page.evaluate(`(async () => {
      const out = [];
      out.push(await fetch('${target}').then(() => 'reached', () => 'blocked'));
      out.push(await new Promise((done) => { const i = new Image(); i.onload = i.onerror = (e) => done(e.type); i.src = '${target}'; document.body.append(i); }));
      try { document.body.innerHTML = '<p>x'; out.push('written'); } catch { out.push('refused'); }
      return out;
    })()`);
    expect(tried).toEqual(['blocked', 'error', 'refused']);
    expect(reached).toBe(0);
    await page.close();
    server.close();
  });

  it('prints light, unfolded and without its controls, whatever the screen shows', async () => {
    const { page } = await open(sampleReport({ size: 800, changed: 300, level: 'names' }));
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.documentElement).getPropertyValue("--ink").trim()')).toBe(
      '#1b1d1f',
    );
    expect(await page.locator('#find').isVisible()).toBe(false);
    expect(await page.locator('nav').isVisible()).toBe(false);
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator('details:not([open])').count()).toBe(0);
    if (shots) await page.screenshot({ path: join(shots, 'print.png'), fullPage: true });
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await page.locator('details[open]').count()).toBe(0);
    await page.close();
  });

  it('can be read without its script', async () => {
    const plain = await openChromium({ javaScriptEnabled: false });
    const { page, complaints } = await open(everybody('ids'), plain.context);
    expect(await page.locator('#leavers tbody tr').count()).toBe(100);
    expect(await page.locator('#leavers .more').first().textContent()).toMatch(/^100 of \d+ shown/);
    expect(await page.locator('button:visible, #find:visible').count()).toBe(0);
    expect(complaints).toEqual([]);
    await plain.close();
  });

  it('keeps still for people who ask for less motion', async () => {
    const { page } = await open(sampleReport({ size: 10, changed: 2 }));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior')).toBe('auto');
    await page.close();
  });
});
