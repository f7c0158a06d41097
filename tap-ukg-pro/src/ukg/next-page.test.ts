import { describe, expect, test } from 'vitest';
import { memoryLog } from '../testing/log.ts';
import { createPageOrder, type PageRead } from './next-page.ts';

const at = (page: number) => new URL(`https://service5.ultipro.com/x?page=${page}`);
const linkTo = (page: number, host = 'service5') => `<https://${host}.ultipro.com/x?page=${page}>; rel="next"`;
const read = (print: string, changes: Partial<PageRead> = {}): PageRead => ({
  rows: 2,
  fresh: 2,
  print,
  link: undefined,
  ...changes,
});
const empty = (link?: string) => read('empty', { rows: 0, fresh: 0, link });

/** The pages that are asked for, one after the other, when they are answered with `answers`. */
function pages(answers: readonly PageRead[], paging = 'per_Page') {
  const log = memoryLog();
  const order = createPageOrder({ stream: 's', paging }, at, log);
  const asked: string[] = [];
  for (const answer of answers) {
    asked.push(order.url.search);
    if (!order.next(answer)) return { asked, ended: true, log: log.lines };
  }
  return { asked, ended: false, log: log.lines };
}

describe('the order of pages', () => {
  const table: { why: string; answers: PageRead[]; asked: string[]; paging?: string }[] = [
    {
      why: 'by number, up to an empty page',
      answers: [read('a'), read('b'), empty()],
      asked: ['?page=1', '?page=2', '?page=3'],
    },
    { why: 'a service without paging is asked once', answers: [read('a')], asked: ['?page=1'], paging: 'none' },
    {
      why: 'by Link, up to a page without a next one',
      answers: [read('a', { link: linkTo(7) }), read('b', { link: '<x>; rel="first"' })],
      asked: ['?page=1', '?page=7'],
    },
    {
      why: 'an empty page that names a next one is followed',
      answers: [empty(linkTo(2)), read('a'), empty()],
      asked: ['?page=1', '?page=2', '?page=3'],
    },
    {
      why: 'a page that was there before is asked for again, then the one after it, before it is the end',
      answers: [read('a'), read('a', { fresh: 0 }), read('a', { fresh: 0 }), read('a', { fresh: 0 })],
      asked: ['?page=1', '?page=2', '?page=2', '?page=3'],
    },
    {
      why: 'a Link to another host is not followed',
      answers: [read('a', { link: linkTo(2, 'evil') }), empty()],
      asked: ['?page=1', '?page=2'],
    },
  ];
  test.each([
    { what: 'rows without an end', page: (n: number) => read(`${n}`, { rows: 10_000_000, fresh: 1 }), pages: 5 },
    { what: 'old rows with something new in each', page: (n: number) => read(`${n}`, { fresh: 0 }), pages: 20 },
    { what: 'them by Link', page: (n: number) => read(`${n}`, { fresh: 0, link: linkTo(n + 2) }), pages: 20 },
  ])('$what end loudly', ({ page, pages: most }) => {
    const order = createPageOrder({ stream: 's', paging: 'per_Page' }, at, memoryLog());
    for (let n = 0; n < most - 1; n++) expect(order.next(page(n))).toBe(true);
    expect(() => order.next(page(most - 1))).toThrow('run in circles');
  });

  test.each(table)('$why', ({ answers, asked, paging }) => {
    expect(pages(answers, paging)).toMatchObject({ asked, ended: true });
  });

  test.each([
    {
      why: 'a Link back to a page that was read',
      answers: [read('a', { link: linkTo(2) }), read('b', { link: linkTo(2) })],
    },
    {
      why: 'a page by Link that brings nothing new',
      answers: [read('a', { link: linkTo(2) }), read('a', { fresh: 0, link: linkTo(3) })],
    },
    {
      why: 'new rows behind a page that was there before',
      answers: [read('a'), read('a', { fresh: 0 }), read('a', { fresh: 0 }), read('b')],
    },
  ])('$why runs in circles', ({ answers }) => {
    expect(() => pages(answers)).toThrow(/pages run in circles/);
  });
});
