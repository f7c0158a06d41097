/**
 * The page's only script, as text: plain JavaScript for the browser. It shows rows that the file holds as data, filters them,
 * and opens what is folded before printing. It writes text, never markup, and works on the page alone. Without it the first
 * rows of each table remain readable.
 */
export const script = `'use strict';
(() => {
  const step = 200;
  const data = JSON.parse(document.getElementById('data').textContent);
  const format = new Intl.NumberFormat('en-US');
  const element = (name, text, attributes) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    return node;
  };
  const value = (text) => element('bdi', text === null ? 'empty' : text, text === null ? { class: 'was' } : {});
  const fillCell = (cell, content) => {
    if (!Array.isArray(content)) { cell.append(element('bdi', content)); return; }
    const was = value(content[0]);
    was.classList.add('was');
    cell.append(was, element('span', '\\u2192', { class: 'arrow' }), value(content[1]));
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
    const rows = data[table.dataset.rows] || [];
    const box = table.closest('.people');
    return {
      table, rows, box, body: table.tBodies[0],
      note: box.querySelector('.more span'), button: box.querySelector('.more button'), more: box.querySelector('.more'),
      total: Number(table.dataset.total), shown: table.tBodies[0].rows.length, fold: table.closest('details'), text: null,
    };
  });
  const textOf = (t) => t.text || (t.text = t.rows.map((row) => row.flat().join('\\n').toLowerCase()));
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
  let wanted = '';
  const matches = (t) => {
    if (wanted === '') return t.rows;
    const text = textOf(t);
    return t.rows.filter((_, i) => text[i].includes(wanted));
  };
  const draw = (t, list, count) => {
    t.body.replaceChildren(...list.slice(0, count).map(rowOf));
    t.shown = Math.min(count, list.length);
    tell(t, wanted === '' ? undefined : list.length);
  };
  for (const t of tables) {
    tell(t);
    t.button.addEventListener('click', () => {
      const list = matches(t);
      t.body.append(...list.slice(t.shown, t.shown + step).map(rowOf));
      t.shown = Math.min(t.shown + step, list.length);
      tell(t, wanted === '' ? undefined : list.length);
    });
  }
  const find = document.getElementById('find');
  const said = document.getElementById('found');
  const first = tables.map((t) => ({ shown: t.shown, open: t.fold !== null && t.fold.open }));
  const search = () => {
    const now = find.value.trim().toLowerCase();
    if (now === wanted) return;
    wanted = now;
    const ids = new Set();
    tables.forEach((t, i) => {
      const list = matches(t);
      for (const row of list) ids.add(row[0]);
      draw(t, list, wanted === '' ? first[i].shown : Math.max(25, first[i].shown));
      t.box.hidden = wanted !== '' && list.length === 0;
      if (t.fold !== null) {
        t.fold.hidden = t.box.hidden;
        t.fold.open = wanted === '' ? first[i].open : list.length > 0;
      }
    });
    let others = 0;
    entries.forEach((entry, i) => {
      entry.hidden = !entryText[i].includes(wanted);
      if (!entry.hidden) others++;
      for (const fold of entry.querySelectorAll('details')) fold.open = wanted !== '' && !entry.hidden;
    });
    const people = format.format(ids.size) + (ids.size === 1 ? ' person matches' : ' people match');
    const beside = others === 0 ? '' : format.format(others) + (others === 1 ? ' entry' : ' entries') + ' of causes, chart and worklist';
    said.textContent = wanted === '' ? '' : ids.size + others === 0 ? 'No match.'
      : (ids.size === 0 ? beside : people + (beside === '' ? '' : ', and ' + beside)) + '.';
  };
  // Everything else that names people: entries of the worklist, causes, rows of the chart's tables.
  const entries = [...document.querySelectorAll('.work > li, .causes > li, #org tbody tr')];
  const entryText = entries.map((entry) => entry.textContent.toLowerCase());
  let timer;
  if (find !== null) {
    find.closest('.find').hidden = false;
    find.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 120); });
    find.addEventListener('keydown', (event) => { if (event.key === 'Escape') { find.value = ''; search(); } });
  }
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
  // On paper no one can ask for more.
  addEventListener('beforeprint', () => {
    printed = tables.map((t) => [t, t.shown, matches(t)]);
    for (const [t, , list] of printed) draw(t, list, list.length);
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const fold of opened) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const [t, shown, list] of printed) draw(t, list, shown);
    for (const fold of opened) fold.open = false;
  });
})();
`;
