/** Every file that a state has, whichever part writes it: what `ledger export` and `ledger import` carry, and what they leave. */
import type { StateStore } from './store/store.ts';

interface StateFile {
  readonly name: RegExp;
  readonly what: string;
  /** Why it is left behind, where it is. */
  readonly stays?: (from: StateStore, to: StateStore) => boolean;
}

export const stateFiles: readonly StateFile[] = [
  { name: /^ledger\.log$/, what: 'what Together accepted' },
  { name: /^ledger-fields-[0-9a-f]{32}\.log$/, what: 'hashes of single fields' },
  {
    name: /^ledger\.key$/,
    what: 'the key of all hashes, where no setting gives one',
    // A key goes to no server.
    stays: (from, to) => !from.folder || !to.folder,
  },
  { name: /^runs\.json$/, what: 'the last runs in numbers' },
  { name: /^addresses\.bin$/, what: 'e-mail owners' },
  { name: /^rejects(\.next)?\.singer$/, what: 'records of people who were refused' },
  { name: /^values\.log$/, what: 'what was accepted before, encrypted (keep_values_days)' },
  { name: /^values\.head$/, what: 'where they end' },
  { name: /^value-keys\.bin$/, what: 'a key for each person of it' },
  { name: /^audit-\d{4}-\d\d\.jsonl$/, what: 'the audit log, a file a month' },
  { name: /^audit-\d{4}-\d\d\.damaged-\d+\.jsonl$/, what: 'damaged logs that were set aside' },
  { name: /^audit\.head$/, what: 'where the audit log ends' },
];

/** A file half written, of a run that was killed. */
export const leftBehind = /\.[0-9a-f]{16}\.tmp$/;

/** Whether this program keeps the file, under any store. */
export const isStateFile = (name: string): boolean =>
  stateFiles.some((file) => file.name.test(name)) || leftBehind.test(name);

/** Whether a file is copied to another place. What else lies in a folder stays there. */
export function isCarried(name: string, from: StateStore, to: StateStore): boolean {
  const file = stateFiles.find((one) => one.name.test(name));
  return file !== undefined && file.stays?.(from, to) !== true;
}
