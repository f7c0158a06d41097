/** What people have put into the state folder: plans, reports and summaries, which name people. */
import { isStateFile } from '../state-files.ts';
import type { StateStore } from '../store/store.ts';

export interface OtherFile {
  readonly name: string;
  /** `plan`: may hold everybody's record, encrypted. `output`: a report or a summary that names the person. */
  readonly kind: 'plan' | 'output' | 'foreign';
}

/** Longer files are looked at no further. */
const mostBytes = 64 << 20;

export async function otherFiles(store: StateStore, id: string): Promise<OtherFile[]> {
  const mark = new RegExp(`(?<![\\w.-])${id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
  const found: OtherFile[] = [];
  for (const name of await store.names()) {
    if (isStateFile(name)) continue;
    // A folder has a name too, and can't be read.
    const text = (await store.read(name, 0, mostBytes).catch(() => undefined))?.toString('utf8') ?? '';
    if (text.startsWith('{"format":"target-together plan"')) found.push({ name, kind: 'plan' });
    else if (mark.test(text)) found.push({ name, kind: /"run_id":|target-together/.test(text) ? 'output' : 'foreign' });
  }
  return found;
}
