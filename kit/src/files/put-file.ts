/** Files that a command leaves for its user: whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConnectorError, errorText, said } from '../error.ts';

/** Replaces a file in one step. Throws ConnectorError `settings` where it can't be written. */
export function putFile(
  path: string,
  text: string,
  mode = 0o644,
  hint = 'Choose another folder: --config FOLDER/config.json',
): void {
  const made = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    writeFileSync(made, text, { mode, flag: 'wx' });
    renameSync(made, path);
  } catch (thrown) {
    rmSync(made, { force: true });
    throw new ConnectorError('settings', said`${path} can't be written: ${errorText(thrown)}.`, { hint });
  }
}
