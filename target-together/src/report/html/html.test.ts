import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { visible } from '@ukg-together/kit/text/visible';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactionLevels } from '../../model/run-summary.ts';
import { sampleReport, sampleSummary } from '../../testing/sample-report.ts';
import type { ReportData } from '../model.ts';
import { renderHtml, writeReport } from './html.ts';
import { escapeText, html, scriptJson } from './markup.ts';
import { maxRows } from './people/people-table.ts';

const page = (data: ReportData) => [...renderHtml(data)].join('');
const small = (level: ReportData['level'] = 'ids') => sampleReport({ size: 300, changed: 200, level });

/** A report in which each kind of value is recognisable. */
function canaries(level: ReportData['level']): string {
  const data = small(level);
  const row = {
    id: '777',
    name: 'CANARY-NAME',
    title: 'CANARY-TITLE',
    department: 'CANARY-DEPARTMENT',
    date: 'CANARY-DATE',
    changes: [
      { field: 'email', from: 'CANARY-EMAIL', to: 'CANARY-EMAIL' },
      { field: 'departmentName', from: 'CANARY-ORG', to: 'CANARY-ORG' },
      { field: 'dateOfBirth', from: 'CANARY-SENSITIVE', to: 'CANARY-SENSITIVE' },
      { field: 'hrisFields.x', from: 'CANARY-SENSITIVE', to: 'CANARY-SENSITIVE', sensitive: true },
    ],
  };
  const table = { total: 1, rows: [row] };
  return page({
    ...data,
    leavers: table,
    joiners: table,
    rehires: table,
    changes: table,
    vanished: table,
    excluded: table,
    who: () => ({ name: 'CANARY-NAME' }),
    ...(data.tree ? { tree: { ...data.tree, name: () => 'CANARY-NAME' } } : {}),
  });
}

describe('HTML report', () => {
  it.each([
    ['ids', []],
    ['names', ['NAME', 'TITLE', 'DEPARTMENT', 'DATE', 'ORG']],
    ['full', ['NAME', 'TITLE', 'DEPARTMENT', 'DATE', 'EMAIL', 'ORG']],
  ] as const)('at level %s holds of a person exactly %j, in markup and in data', (level, shown) => {
    const text = canaries(level);
    expect([...new Set(text.match(/CANARY-\w+/g))].sort()).toEqual(shown.map((name) => `CANARY-${name}`).sort());
    expect(text).toContain('777');
  });

  it('prints its level in the header', () => {
    expect(page(small('ids'))).toContain('Shows ids only');
    expect(page(small('full'))).toContain('Shows all values except sensitive ones');
  });

  it('is in the order a reviewer reads: verdict, guards, causes, leavers first, worklist, receipt', () => {
    const ids = [...page(small()).matchAll(/<section id="([\w-]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      'guards',
      'causes',
      'leavers',
      'joiners',
      'rehires',
      'moves',
      'changes',
      'vanished',
      'only',
      'excluded',
      'upcoming',
      'org',
      'worklist',
      'privacy',
      'requests',
      'facts',
    ]);
  });

  it('allows by its policy the one script and the one style that it holds, and nothing else', () => {
    const text = page(small());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] as string;
    const hash = (content: string) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(text) as unknown as [string, string];
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1] as string);
    expect(scripts).toHaveLength(1);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${hash(scripts[0] as string)}`);
    expect(policy).toContain(`style-src ${hash(style)}`);
    expect(policy).not.toContain('unsafe');
  });

  it('holds no style attribute, no handler and no address that a browser would ask', () => {
    const markup = page(small('full')).replace(/<(script|style)[\s\S]*?<\/\1>/g, '');
    expect(markup).not.toMatch(/<[^>]*\s(style|on\w+)\s*=/i);
    expect(
      [...markup.matchAll(/<[^>]*\s(?:src|href|xlink:href|action)="([^"]*)"/g)]
        .map((m) => m[1])
        .filter((a) => !a?.startsWith('#')),
    ).toEqual(['data:,']);
  });

  it('escapes whatever a record holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'a', '\u2028', '\u202e', '\u009b') }),
        (text) => {
          const { markup } = html`<p title="${text}">${text}</p>`;
          expect(markup).toBe(`<p title="${escapeText(text)}">${escapeText(text)}</p>`);
          expect(escapeText(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
          expect(scriptJson([text])).not.toContain('<');
          expect(JSON.parse(scriptJson([text, { [text]: text }]))).toEqual([
            visible(text),
            { [visible(text)]: visible(text) },
          ]);
          expect(markup).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u);
        },
      ),
    );
  });

  it('stays small at 10,000 people, all of them changed', () => {
    for (const level of redactionLevels)
      expect(Buffer.byteLength(page(sampleReport({ size: 10_000, changed: 9_999, level })))).toBeLessThan(2_000_000);
  });

  it('reads no more people than it shows, and says how many it leaves out', () => {
    let read = 0;
    const rows = {
      *[Symbol.iterator]() {
        for (let i = 0; i < 1_000_000; i++) {
          read++;
          yield { id: `${i}` };
        }
      },
    };
    const text = page({ ...small(), leavers: { total: 1_000_000, rows } });
    expect(read).toBe(maxRows);
    expect(text).toContain('And 980,000 more that this file leaves out');
    expect(text).toContain('1,000,000 people lose access');
  });

  it('counts a field’s people in full even where rows were not given', () => {
    const data = small();
    const text = page({
      ...data,
      summary: { ...data.summary, changes_by_field: { title: 5000 } },
      changes: { total: 5000, rows: [{ id: '1', changes: [{ field: 'title' }] }] },
    });
    expect(text).toContain('5,000 people</span>');
    expect(text).toContain('And 4,999 more that this file leaves out');
  });

  it('groups what HR can mend, with fix, ids and age', () => {
    const text = page({ ...small(), summary: sampleSummary() });
    expect(text).toContain('<h3>No work e-mail address</h3>');
    expect(text).toContain('<strong>Fix in UKG:</strong> enter the work e-mail address (field emailAddress).');
    expect(text).toContain('<h3>The same e-mail address as another person</h3>');
    expect(text).toContain('open for 12 days');
    expect(text).toContain('<span class="id">14001 (X)</span>');
    expect(text).toMatch(/10021<\/span>.*<span class="arrow">→<\/span><span class="id">10387/);
  });

  it.each([
    ['ids', false],
    ['names', true],
  ] as const)('tells HR employee numbers in the worklist, and at level %s names: %j', (level, isNamed) => {
    const text = page({
      ...small(level),
      summary: sampleSummary(),
      who: (id) => (id === '10311' ? { number: 'N-77', name: 'Ada Example' } : {}),
    });
    expect(text).toContain('10311</span> <span class="no">no. N-77</span>');
    expect(text.includes('<bdi>Ada Example</bdi>')).toBe(isNamed);
  });

  it('says in words that an old value is not known, and that people were only counted', () => {
    const data = small('full');
    const changes = { total: 1, rows: [{ id: '1', changes: [{ field: 'title', to: 'Manager' }] }] };
    const text = page({
      ...data,
      changes,
      summary: { ...data.summary, changes_by_field: { title: 1, officeId: 3 } },
    });
    expect(text).toContain('<bdi class="was">old value not known</bdi>');
    expect(text).toContain('Counted; who they are is not in this file.');
    expect(text).not.toContain('0 of 3 shown');
  });

  it('tells how many of the joiners have left already', () => {
    const data = small();
    const summary = { ...data.summary, actions: { ...data.summary.actions, join: 476 }, joins_left: 88 };
    expect(page({ ...data, summary })).toContain('<dt>join, 88 of them left already</dt><dd>476</dd>');
  });

  it('lists who starts, leaves and comes back, and who no longer leaves', () => {
    const text = page(sampleReport({ size: 300, changed: 20, level: 'names' }));
    expect(text).toContain('2 leave · 1 starts later · 1 comes back.');
    expect(text).toContain('comes back, first day 2026-04-12 (in 12 days)');
    expect(text).toMatch(/are not any more: 1<\/h3><ul class="chips"><li class="id">10005/);
    const none = small();
    const upcoming = { starts: 0, leaves: 0, returns: 0, days: [], withdrawn: [] };
    expect(page({ ...none, summary: { ...none.summary, upcoming } })).toContain('No first and no last day lies ahead');
  });

  it('says what left for where, or what would have', () => {
    const data = small();
    expect(page(data)).toMatch(
      /5 fields of 200 people went to <code>api\.us\.togetherplatform\.com<\/code>, region US/,
    );
    const planned = { ...data.summary, privacy: { ...data.summary.privacy, sent: false } };
    expect(page({ ...data, summary: planned })).toContain('would go to');
  });

  it('draws requests one by one or, when there are thousands, together', () => {
    const requests = Array.from({ length: 5000 }, (_, i) => ({
      atMs: i * 1500,
      tookMs: 400,
      status: i === 7 ? 503 : 200,
      people: 200,
      bytes: 9,
    }));
    const text = page({ ...small(), requests });
    const bars = (text.match(/class="(ok|bad)" x=/g) ?? []).length;
    expect(bars).toBeGreaterThan(100);
    expect(bars).toBeLessThanOrEqual(320);
    expect(text).toContain('1 not accepted');
  });
});

describe('writing the report', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes it whole, for its owner only, and leaves nothing else behind', async () => {
    const path = join(folder, 'report.html');
    await writeFile(path, 'an older report', { mode: 0o644 });
    await writeReport(path, small());
    expect(await readFile(path, 'utf8')).toBe(page(small()));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['report.html']);
  });

  it('keeps the older report when making the new one fails', async () => {
    const path = join(folder, 'kept.html');
    await writeFile(path, 'older');
    const rows = {
      *[Symbol.iterator]() {
        yield { id: '1' };
        throw new Error('spill file gone');
      },
    };
    await expect(writeReport(path, { ...small(), leavers: { total: 3, rows } })).rejects.toThrow('spill file gone');
    expect(await readFile(path, 'utf8')).toBe('older');
    expect((await readdir(folder)).filter((name) => name.includes('.new'))).toEqual([]);
  });

  it('names the path and the setting when it can’t be written', async () => {
    await expect(writeReport(join(folder, 'none', 'r.html'), small())).rejects.toMatchObject({
      name: 'ConnectorError',
      message: expect.stringContaining('ENOENT'),
      hint: expect.stringContaining('--report'),
    });
    await mkdir(join(folder, 'taken.html'));
    await expect(writeReport(join(folder, 'taken.html'), small())).rejects.toMatchObject({ name: 'ConnectorError' });
  });
});
