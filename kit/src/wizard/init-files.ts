/** The folder that `init` writes to, and files of lines in it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { ConnectorError, errorText, said } from '../error.ts';
import { putFile } from '../files/put-file.ts';
import { shellWord } from '../text/shell-word.ts';

/** Throws where a folder can't take the files of `init`: said before the first question. */
export function checkFolder(folder: string): void {
  try {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw new ConnectorError('settings', said`The folder ${folder} can't be written: ${errorText(thrown)}.`, {
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

/**
 * Has git leave these files and folders alone. Throws where it keeps one already, for then no rule keeps the next version of it from
 * going into history.
 */
export function ignoreInGit(lines: readonly string[]): void {
  addLines('.gitignore', lines);
  const { stdout } = spawnSync('git', ['ls-files', '--', ...lines], { encoding: 'utf8', timeout: 10_000 });
  const kept = (stdout ?? '').split('\n').filter(Boolean);
  if (kept.length === 0) return;
  throw new ConnectorError(
    'settings',
    said`git keeps ${kept.join(', ')} already, and would keep what is written there now.`,
    {
      hint: `Take it out, and change the secrets that it has held: git rm --cached ${kept.map(shellWord).join(' ')}`,
    },
  );
}

/** Adds the lines that a file of lines does not have yet. */
export function addLines(path: string, lines: readonly string[]): void {
  const text = textOfFile(path) ?? '';
  const has = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !has.has(line));
  if (missing.length > 0)
    putFile(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
}
