/** Commands and flags of tap-ukg-pro, as data: `--help` and `--version` must not load the core. */
import { formatFlag, tapTable } from '@ukg-together/protocol/singer/command';

export const commandTable = tapTable(
  'tap-ukg-pro',
  "Reads a company's people, jobs and organisation from UKG Pro; prints Singer messages.",
  {
    doctor: {
      description:
        'Try each web service that the selected streams need, and name the missing rights; reads one row of each.',
      flags: { format: formatFlag },
      examples: ['doctor --config config.json', 'doctor --config config.json --catalog catalog.json --format json'],
    },
  },
);
