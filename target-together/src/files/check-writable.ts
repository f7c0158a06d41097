import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConnectorError, errorText, said } from '@ukg-together/kit/error';
import { foreignLink } from '@ukg-together/kit/files/foreign';
import { codeText } from '@ukg-together/kit/text/error-code';
import { isStream } from './replace-file.ts';

/** Refuses a file that could not be written at the end: by then people are sent. Throws ConnectorError `settings`. */
export async function checkPlaces(places: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [flag, path] of Object.entries(places)) {
    if (path === undefined) continue;
    const why = await whyNot(path);
    if (why === undefined) continue;
    throw new ConnectorError('settings', said`--${flag} ${path} can't be written: ${why}.`, {
      hint: 'Nothing was read and nothing was sent.',
    });
  }
}

async function whyNot(path: string): Promise<string | undefined> {
  const foreign = foreignLink(path);
  if (foreign !== undefined) return `it is a link that ${foreign}`;
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return 'it is a folder';
  const folder = dirname(resolve(path));
  const stream = await isStream(path);
  return await access(stream ? path : folder, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => {
      if (stream)
        return error.code === 'ENOENT' ? 'it does not exist' : `it can't be opened for writing: ${errorText(error)}`;
      return error.code === 'ENOENT' ? `the folder ${folder} does not exist` : `the folder ${folder} can't be written`;
    },
  );
}

/** Why a file that a person named is of no use. */
export function cannot(code: string | undefined): string {
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EISDIR' ? 'is a folder' : `can't be read: ${codeText(code ?? 'unknown')}`;
}
