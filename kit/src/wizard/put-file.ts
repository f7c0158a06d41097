/** Files that `init` writes: whole or not at all, and none of another person's without being asked. */
import { accessSync, constants, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConnectorError, errorText } from '../error.ts';

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
    throw new ConnectorError('settings', `${path} can't be written: ${errorText(thrown)}.`, { hint });
  }
}

/** Throws where a folder can't take the files of `init`: said before the first question. */
export function checkFolder(folder: string): void {
  try {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw new ConnectorError('settings', `The folder ${folder} can't be written: ${errorText(thrown)}.`, {
      hint: 'Make it, or choose another one: --config FOLDER/config.json',
    });
  }
}

/** The file's text; undefined where there is none. */
export function textOfFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Adds the lines that a file of lines does not have yet. */
export function addLines(path: string, lines: readonly string[]): void {
  const text = textOfFile(path) ?? '';
  const has = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !has.has(line));
  if (missing.length > 0)
    putFile(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
}
