/** Commands and flags of tap-ukg-pro, as data: `--help` and `--version` must not load the core. */
import { initFlags } from '@ukg-together/kit/wizard/flags';
import { catalogFlags, doctorFlags, tapTable } from '@ukg-together/protocol/singer/command';
import { questions } from './init/questions.ts';

export const commandTable = tapTable(
  'tap-ukg-pro',
  "Reads a company's people, jobs and organisation from UKG Pro; prints Singer messages.",
  {
    init: {
      description:
        'Ask for what UKG Pro needs, try it, and write the settings; what is set already is not asked again.',
      flags: initFlags(Object.values(questions)),
      examples: [
        'init',
        'init --config config.json --yes --base-url servicet.ultipro.com --username TogetherIntegration',
      ],
    },
    doctor: {
      description:
        'Try each web service that the selected streams need, and name the missing rights; reads one row of each. Looks at this machine too, with half of the settings as well.',
      flags: { ...catalogFlags, ...doctorFlags },
      examples: [
        'doctor --config config.json',
        'doctor --config config.json --catalog catalog.json --json',
        'doctor --config config.json --bundle support.json',
      ],
    },
  },
);
