/** `target-together rehearse`: life events against these settings, on the sandbox that comes with it; nothing leaves this process. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { rehearse } from '../../../app/rehearse/rehearse.ts';
import { rehearsalJUnit, rehearsalText } from '../../../app/rehearse/text.ts';
import { checkPlaces } from '../../../files/check-writable.ts';
import { replaceFile } from '../../../files/replace-file.ts';
import { readCatalog } from '../../../mapping/tools/fit-catalog.ts';
import type { Command } from '../command.ts';

export const rehearseCommand: Command = async (line, io) => {
  const junit = line.value('junit');
  await checkPlaces({ junit });
  const path = line.value('catalog');
  const catalog = path === undefined ? undefined : await readCatalog(path);
  const rehearsal = await rehearse(line.values('config'), io, { preset: line.value('preset'), catalog });
  const isJson = line.value('format') === 'json';
  io.stdout.write(isJson ? `${JSON.stringify(rehearsal, null, 2)}\n` : rehearsalText(rehearsal));
  if (junit !== undefined) await replaceFile(junit, (write) => write(rehearsalJUnit(rehearsal)));
  if (rehearsal.mismatches === 0) return ExitCode.ok;
  throw new ConnectorError(
    'settings',
    said`${rehearsal.mismatches} of ${rehearsal.events.length} life events end otherwise than expected.`,
    {
      hint: 'Each line marked > names the rule or the setting; correct it, and rehearse again.',
    },
  );
};
