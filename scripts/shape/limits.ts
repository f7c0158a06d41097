/** How large things may become, and what of a package is above that. */
import type { Measured, Shape } from './measure.ts';

interface Limit {
  readonly most: number;
  readonly of: (shape: Shape) => readonly Measured[];
  readonly fault: (measured: Measured, most: number) => string;
}

/** The one place where the limits stand. */
export const limits: Readonly<Record<'folder' | 'function' | 'handed' | 'circle', Limit>> = {
  folder: {
    most: 13,
    of: ({ folders }) => folders,
    fault: ({ figure, of }, most) =>
      `${of} holds ${figure} files, more than ${most}: make a folder for what belongs together.`,
  },
  function: {
    most: 100,
    of: ({ functions }) => functions,
    fault: ({ figure, of }, most) => `${of}: a function of ${figure} lines, more than ${most}.`,
  },
  handed: {
    most: 12,
    of: ({ handed }) => handed,
    fault: ({ figure, of }, most) =>
      `${of} has ${figure} members, more than ${most}: hand on only what is used, or group it.`,
  },
  circle: {
    most: 0,
    of: ({ circles }) => circles,
    fault: ({ of }) => `Import each other (types count): ${of}.`,
  },
};

export function faultsOf(shape: Shape): string[] {
  return Object.values(limits).flatMap(({ most, of, fault }) =>
    of(shape)
      .filter(({ figure }) => figure > most)
      .map((measured) => fault(measured, most)),
  );
}
