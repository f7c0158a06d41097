import * as z from 'zod';

/** Both must be passed before a guard trips; `null` in place of the object switches that guard off for good. */
const limit = (count: number, percent: number, title: string) =>
  z
    .strictObject({
      count: z
        .int()
        .min(0)
        .default(count)
        .meta({ title: 'People', description: 'Trips at more than this many people …' }),
      percent: z
        .number()
        .min(0)
        .max(100)
        .default(percent)
        .meta({ title: 'Percent', description: '… that are also more than this share.' }),
    })
    .nullable()
    .prefault({})
    .meta({
      title,
      description: `${title}: trips at more than count people and more than percent %, or at more than half of a company of at least 3; null switches it off.`,
    });

const share = (percent: number, title: string, description: string) =>
  z.number().min(0).max(100).nullable().default(percent).meta({ title, description });

export const guards = z
  .strictObject({
    max_terminated: limit(10, 5, 'Most people terminated in one run'),
    max_vanished: limit(10, 5, 'Most people vanished from a complete read'),
    max_changed: limit(50, 30, 'Most people changed in one run'),
    max_created: limit(50, 20, 'Most people created in one run'),
    max_rehired: limit(10, 5, 'Most people rehired in one run'),
    max_email_changed: limit(10, 5, 'Most people whose e-mail address changes in one run'),
    max_moved: limit(3, 1, 'Most people who come under new ids'),
    max_relinked: limit(
      10,
      5,
      'Most people that Together finds by their address alone when its list is read, as on a first run',
    ),
    new_email_domain: z.int().min(1).nullable().default(3).meta({
      title: 'New mail domain',
      description:
        'Trips when this many people have addresses in a domain that no successful run has met; null switches it off.',
    }),
    max_reports_percent: share(
      20,
      'Most reports of one supervisor',
      'Trips when one supervisor gets more than this share of all people, and had not in the last successful run; null switches it off.',
    ),
    min_rows_percent: share(
      80,
      'Fewest rows',
      'A complete read must bring at least this share of the people of the last complete read of a successful run; null switches it off.',
    ),
    min_filled_percent: share(
      90,
      'Least filled',
      "Each mapped field must be filled for at least this share of the last successful run's share; null switches it off.",
    ),
  })
  .prefault({})
  .meta({
    title: 'Guards',
    description:
      'Stop the run before its first write when it would do more than this. Compared with the last run that ended well.',
  });
