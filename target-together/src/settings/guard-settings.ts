import * as z from 'zod';

/** Both must be passed before a guard trips; `null` in place of the object switches that guard off for good. */
const limit = (count: number, percent: number, title: string) =>
  z
    .strictObject({
      count: z.int().min(0).default(count).meta({ title: 'People', description: 'Trips above this many people …' }),
      percent: z
        .number()
        .min(0)
        .max(100)
        .default(percent)
        .meta({ title: 'Percent', description: '… that are also above this share.' }),
    })
    .nullable()
    .prefault({})
    .meta({ title, description: `${title}: trips when count and percent are both passed; null switches it off.` });

const share = (percent: number, title: string, description: string) =>
  z.number().min(0).max(100).nullable().default(percent).meta({ title, description });

export const guards = z
  .strictObject({
    max_terminated: limit(10, 5, 'Most people terminated in one run'),
    max_vanished: limit(10, 5, 'Most people vanished from a complete read'),
    max_changed: limit(50, 30, 'Most people changed in one run'),
    max_created: limit(50, 20, 'Most people created in one run'),
    min_rows_percent: share(
      80,
      'Fewest rows',
      'A complete read must bring at least this share of the people of the last good complete read; null switches it off.',
    ),
    min_filled_percent: share(
      90,
      'Least filled',
      "Each mapped field must be filled for at least this share of the last good run's share; null switches it off.",
    ),
  })
  .prefault({})
  .meta({
    title: 'Guards',
    description:
      'Stop the run before its first write when it would do more than this. Compared with the last run that ended well.',
  });
