/** All web services that a service account can read, one stream each. `employees` (see ../employees) is joined from them. */
import { benefits } from './benefits.ts';
import { configuration } from './configuration.ts';
import type { UkgStream } from './define.ts';
import { payroll } from './payroll.ts';
import { people } from './people.ts';
import { work } from './work.ts';

export const ukgStreams: readonly UkgStream[] = [...people, ...work, ...benefits, ...configuration, ...payroll];

const byName = new Map(ukgStreams.map((stream) => [stream.name, stream]));

/** A stream that the program itself names. */
export function ukgStream(name: string): UkgStream {
  const found = byName.get(name);
  if (!found) throw new Error(`There is no stream ${name}.`);
  return found;
}
