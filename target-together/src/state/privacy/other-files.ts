/** What people have put into the state folder: plans, reports and summaries, which name people. */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isStateFile } from '../state-files.ts';
import type { StateStore } from '../store/store.ts';

export interface OtherFile {
  readonly name: string;
  /** `plan`: may hold everybody's record, encrypted. `output`: a report or a summary that names the person. */
  readonly kind: 'plan' | 'output' | 'foreign';
}

const pieceBytes = 16 << 20;
/** Longer than an id in any spelling: what lies over the border of two pieces is found. */
const overlapBytes = 4096;

/** By what a plan is recognised. */
const plan = '{"format":"target-together plan"';
/** What runs and commands write, wherever it was redirected to: words that stand near its beginning. */
const outputs = new RegExp(
  [
    /"run_id":|target-together|"reject":\{"id":|"age_days":|"plan_hash":|"last_complete_read":|"not_reached":|"may_be_a_page":/,
    /^owner,age_days,|^id,employee_number,name,action,|^# Plan [0-9a-f]{16}$/,
    /^Record {4}stream |^At the end of \d{4}-\d\d-\d\d Together held:|^\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, (?:last|no) complete read/,
    /^Not reached from here:$|Together's list, \d+ (?:person|people) accepted from here$|^Together holds what it accepted|^\d+ (?:person|people) changed in Together since/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'm',
);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** An id as it stands in text, JSON, HTML and addresses, and in no longer word. */
function markOf(id: string): RegExp {
  const forms = [
    id,
    JSON.stringify(id).slice(1, -1),
    JSON.stringify(id).slice(1, -1).replaceAll('<', '\\u003c'),
    id.replace(/[&<>"']/g, (sign) => entities[sign] as string),
    encodeURIComponent(id),
  ];
  const any = [...new Set(forms)].map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return new RegExp(`(?<![\\w.-])(?:${any})(?![\\w-])`);
}

export async function otherFiles(store: StateStore, id: string): Promise<OtherFile[]> {
  const mark = markOf(id);
  const found: OtherFile[] = [];
  for (const name of await namesIn(store)) {
    if (isStateFile(name)) continue;
    const seen = await lookInto(store, name, mark);
    if (seen.isPlan) found.push({ name, kind: 'plan' });
    else if (seen.isNamed) found.push({ name, kind: seen.isOutput ? 'output' : 'foreign' });
  }
  return found;
}

/** Of a folder also what lies in folders of it. */
async function namesIn(store: StateStore): Promise<readonly string[]> {
  if (!store.folder) return await store.names();
  const entries = await readdir(store.where, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(store.where, join(parentPath, name)));
}

async function lookInto(store: StateStore, name: string, mark: RegExp) {
  const seen = { isPlan: false, isOutput: false, isNamed: mark.test(name) };
  for (let at = 0; ; at += pieceBytes - overlapBytes) {
    // What can't be read is not this user's.
    const bytes = (await store.read(name, at, pieceBytes).catch(() => undefined)) ?? Buffer.alloc(0);
    // Windows writes two bytes a character where a shell redirects.
    const text = bytes.toString('utf8').replaceAll('\0', '');
    if (at === 0) Object.assign(seen, { isPlan: text.startsWith(plan), isOutput: outputs.test(text) });
    seen.isNamed ||= mark.test(text);
    if (bytes.length < pieceBytes) return seen;
  }
}
