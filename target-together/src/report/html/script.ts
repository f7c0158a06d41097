/**
 * The page's only script, as text: plain JavaScript for the browser. It shows rows that the file holds as data, filters and saves
 * them, and opens what is folded before printing. It writes text, never markup, and works on the page alone. Without it the first
 * rows of each table remain readable.
 */
import { outcomes } from '../../model/outcome.ts';
import { oneWord } from './people/people-table.ts';

const basics = `
  const step = 200;
  const data = JSON.parse(document.getElementById('data').textContent);
  const format = new Intl.NumberFormat('en-US');
  const oneWord = ${oneWord};
  const element = (name, text, attributes) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    return node;
  };
  const value = (text, was) => {
    const node = element('bdi', text === null ? 'empty' : text);
    if (was || text === null) node.classList.add('was');
    if (text !== null && oneWord.test(text)) node.classList.add('whole');
    return node;
  };
  const fillCell = (cell, content) => {
    if (!Array.isArray(content)) { cell.append(value(content)); return; }
    cell.append(value(content[0], true), element('span', '\\u2192', { class: 'arrow' }), value(content[1]));
  };
  const rowOf = (cells) => {
    const row = element('tr');
    cells.forEach((content, i) => {
      const cell = i === 0 ? element('th', undefined, { scope: 'row' }) : element('td');
      fillCell(cell, content);
      row.append(cell);
    });
    return row;
  };
  const tables = [...document.querySelectorAll('table[data-rows]')].map((table) => {
    const { rows = [], ended = [] } = data[table.dataset.rows] || {};
    const box = table.closest('.people');
    const fold = table.closest('details');
    const shown = table.tBodies[0].rows.length;
    return {
      table, rows, ended, box, fold, shown, first: shown, wasOpen: fold !== null && fold.open, body: table.tBodies[0],
      note: box.querySelector('.more span'), button: box.querySelector('.more button'), more: box.querySelector('.more'),
      total: Number(table.dataset.total), text: null,
    };
  });
  // Everything else that names people: entries of the worklist, causes, rows of the chart's tables.
  const entries = [...document.querySelectorAll('.work > li, .causes > li, #org tbody tr')]
    .map((node) => ({ node, text: node.textContent.toLowerCase(), ended: node.dataset.ended, action: node.dataset.action }));
  const sections = [...document.querySelectorAll('main > section')];
`;

const filters = `
  const controls = { find: 'find', action: 'by-action', field: 'by-field', outcome: 'by-outcome' };
  for (const key in controls) controls[key] = document.getElementById(controls[key]);
  const nothing = { find: '', action: '', field: '', outcome: '' };
  let asked = nothing;
  const isAsked = () => Object.values(asked).some(Boolean);
  const textOf = (t) => t.text || (t.text = t.rows.map((row) => row.flat().join('\\n').toLowerCase()));
  /** Places of the rows that are asked for. */
  const matches = (t) => {
    if (asked.action !== '' && t.table.dataset.action !== asked.action) return [];
    if (asked.field !== '' && t.table.dataset.field !== asked.field) return [];
    const places = [...t.rows.keys()];
    if (asked.find === '' && asked.outcome === '') return places;
    const text = textOf(t);
    return places.filter((i) => text[i].includes(asked.find) && (asked.outcome === '' || String(t.ended[i]) === asked.outcome));
  };
  const invalid = '${outcomes.indexOf('invalid')}';
  const isAskedFor = (entry) => entry.text.includes(asked.find) && asked.field === ''
    && (asked.outcome === '' || entry.ended === asked.outcome)
    && (asked.action === '' || entry.action === asked.action || (asked.action === 'invalid' && entry.ended === invalid));
  const tell = (t, found) => {
    const many = found === undefined ? t.total : found;
    t.note.textContent = found === undefined
      ? (t.shown < t.total ? format.format(t.shown) + ' of ' + format.format(t.total) + ' shown' : '')
      : format.format(Math.min(t.shown, many)) + ' of ' + format.format(many) + ' found' + (t.total > t.rows.length ? ', among the ' + format.format(t.rows.length) + ' in this file' : '');
    const reachable = found === undefined ? t.rows.length : found;
    t.button.hidden = t.shown >= reachable;
    t.button.textContent = 'Show ' + format.format(Math.min(step, reachable - t.shown)) + ' more';
    t.more.hidden = t.note.textContent === '' && t.button.hidden;
  };
  const draw = (t, places, count) => {
    t.body.replaceChildren(...places.slice(0, count).map((i) => rowOf(t.rows[i])));
    t.shown = Math.min(count, places.length);
    tell(t, isAsked() ? places.length : undefined);
  };
  for (const t of tables) {
    tell(t);
    t.button.addEventListener('click', () => {
      const places = matches(t);
      t.body.append(...places.slice(t.shown, t.shown + step).map((i) => rowOf(t.rows[i])));
      t.shown = Math.min(t.shown + step, places.length);
      tell(t, isAsked() ? places.length : undefined);
    });
  }
  const said = document.getElementById('found');
  /** Shows what is asked for, and nothing else of people. */
  const show = (now) => {
    asked = now;
    const ids = new Set();
    for (const t of tables) {
      const places = matches(t);
      for (const i of places) ids.add(t.rows[i][0]);
      draw(t, places, isAsked() ? Math.max(25, t.first) : t.first);
      t.box.hidden = isAsked() && places.length === 0;
      if (t.fold !== null) {
        t.fold.hidden = t.box.hidden;
        t.fold.open = isAsked() ? places.length > 0 : t.wasOpen;
      }
    }
    let others = 0;
    for (const entry of entries) {
      entry.node.hidden = !isAskedFor(entry);
      if (!entry.node.hidden) others++;
      for (const fold of entry.node.querySelectorAll('details')) fold.open = isAsked() && !entry.node.hidden;
    }
    for (const part of sections)
      part.hidden = isAsked() && !tables.some((t) => !t.box.hidden && part.contains(t.box)) && !entries.some(({ node }) => !node.hidden && part.contains(node));
    document.getElementById('clear').hidden = !isAsked();
    const people = format.format(ids.size) + (ids.size === 1 ? ' person matches' : ' people match');
    const beside = others === 0 ? '' : format.format(others) + (others === 1 ? ' entry' : ' entries') + ' of causes, chart and worklist';
    said.textContent = !isAsked() ? '' : ids.size + others === 0 ? 'No match.'
      : (ids.size === 0 ? beside : people + (beside === '' ? '' : ', and ' + beside)) + '.';
  };
`;

const bar = `
  /** What is asked for stands in the address, so that a link to the page shows the same. */
  const search = () => {
    const now = {};
    for (const key in controls) now[key] = controls[key] === null ? '' : controls[key].value.trim();
    const words = new URLSearchParams(Object.entries(now).filter(([, wanted]) => wanted !== ''));
    now.find = now.find.toLowerCase();
    if (Object.keys(now).every((key) => now[key] === asked[key])) return;
    show(now);
    try { history.replaceState(null, '', location.href.split('#')[0] + (String(words) === '' ? '' : '#' + words)); } catch { /* A viewer that shows the page in a frame may not allow it. */ }
  };
  const ask = (words) => {
    for (const key in controls) if (controls[key] !== null) controls[key].value = words.get(key) || '';
    search();
  };
  /** An address names a part of the page, or what is asked for. */
  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.includes('=')) {
      ask(new URLSearchParams(hash));
      if (isAsked()) document.querySelector('.find').scrollIntoView();
      return;
    }
    const part = document.getElementById(hash);
    if (part === null || !part.hidden) return;
    ask(new URLSearchParams());
    part.scrollIntoView();
  };
  const copy = () => {
    const tried = navigator.clipboard === undefined ? Promise.reject() : navigator.clipboard.writeText(location.href);
    tried.then(() => { said.textContent = 'The link is copied.'; }, () => { said.textContent = 'Copy the link from the address bar.'; });
  };
  const titleOf = (node) => { const part = node.closest('section'); return part === null ? '' : part.querySelector('h2').textContent; };
  /** What is shown, as rows of named cells. */
  const found = () => {
    const rows = [];
    const names = document.getElementById('by-outcome');
    const ends = new Map(names === null ? [] : [...names.options].map(({ value: at, text }) => [at, text.replace(/ \\([^(]*$/, '')]));
    for (const t of tables) {
      const columns = [...t.table.tHead.rows[0].cells].map((cell) => cell.textContent);
      for (const i of matches(t)) {
        const row = { Part: titleOf(t.table), Field: t.table.dataset.field || '', Outcome: ends.get(String(t.ended[i])) || '' };
        t.rows[i].forEach((cell, at) => {
          if (Array.isArray(cell)) { row.From = cell[0] || ''; row.To = cell[1] || ''; } else row[columns[at]] = cell;
        });
        rows.push(row);
      }
    }
    for (const { node } of entries) {
      if (node.hidden) continue;
      for (const chip of node.querySelectorAll('.chips > li')) {
        const part = (query) => { const inside = chip.querySelector(query); return inside === null ? '' : inside.textContent; };
        rows.push({ Part: titleOf(node), Id: part('.id'), Number: part('.no').replace('no. ', ''), Name: part('bdi'), What: node.querySelector('h3').textContent });
      }
    }
    return rows;
  };
  /** RFC 4180; a value that a spreadsheet would take for a formula gets an apostrophe before it. */
  const csvCell = (text) => {
    const safe = /^[=+\\-@\\t\\r]/.test(text) ? "'" + text : text;
    return /[",\\r\\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const save = () => {
    const rows = found();
    const columns = ['Part', 'Id', ...new Set(rows.flatMap((row) => Object.keys(row)).filter((name) => name !== 'Part' && name !== 'Id'))];
    const lines = [columns, ...rows.map((row) => columns.map((name) => row[name] || ''))];
    // Spreadsheets read UTF-8 as such when it begins with its mark.
    const file = new Blob(['\\ufeff' + lines.map((line) => line.map(csvCell).join(',') + '\\r\\n').join('')], { type: 'text/csv' });
    const link = element('a', '', { download: document.title.replace(/[^\\w-]+/g, '-') + '.csv' });
    link.href = URL.createObjectURL(file);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    said.textContent = format.format(rows.length) + (rows.length === 1 ? ' row is saved.' : ' rows are saved.');
  };
  let timer;
  document.querySelector('.find').hidden = false;
  controls.find.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  controls.find.addEventListener('keydown', (event) => { if (event.key === 'Escape') { controls.find.value = ''; search(); } });
  for (const control of Object.values(controls)) if (control !== null) control.addEventListener('change', search);
  const press = (id, job) => document.getElementById(id).addEventListener('click', job);
  press('clear', () => { ask(new URLSearchParams()); controls.find.focus(); });
  press('copy', copy);
  press('save', save);
  addEventListener('hashchange', follow);
  follow();
`;

const paper = `
  const reachable = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const scrolls = target.scrollWidth > target.clientWidth;
      for (const [key, text] of [['tabindex', '0'], ['role', 'group'], ['aria-label', 'Scrolls sideways']])
        scrolls ? target.setAttribute(key, text) : target.removeAttribute(key);
    }
  });
  for (const box of document.querySelectorAll('.scroll')) reachable.observe(box);
  let opened = [];
  let printed = [];
  let kept = asked;
  // On paper nothing can be asked for: it holds everybody, whatever the screen shows.
  addEventListener('beforeprint', () => {
    kept = asked;
    printed = tables.map((t) => [t, t.shown]);
    if (isAsked()) show(nothing);
    for (const t of tables) draw(t, matches(t), t.rows.length);
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const fold of opened) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const fold of opened) fold.open = false;
    if (kept !== asked) show(kept);
    for (const [t, shown] of printed) draw(t, matches(t), shown);
  });
`;

export const script = `'use strict';
(() => {${basics}${filters}${bar}${paper}})();
`;
