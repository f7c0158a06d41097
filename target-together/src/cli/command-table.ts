/** Commands and flags of target-together, as data: `--help` and `--version` must not load the core. */
import { type CommandTable, type Flag, helpCommands } from '@ukg-together/kit/command/command-line';
import { initFlags } from '@ukg-together/kit/wizard/flags';
import {
  commonFlags,
  doctorFlags,
  formatFlag as format,
  inputFlag as input,
  plainFlags,
} from '@ukg-together/protocol/singer/command';
import { questions, schedule, take, tapFlags } from './init/questions.ts';

const file = (description: string): Flag => ({ kind: 'text', placeholder: 'FILE', description });

const summary = file("Write the run's summary as JSON.");
const report = file('Write the HTML report.');
const redact: Flag = {
  kind: 'text',
  values: ['ids', 'names', 'full'],
  description: 'How much of a person the report and the plan show; default ids.',
};
const accept: Flag = {
  kind: 'text',
  placeholder: 'PLAN-HASH',
  description: 'Release exactly this plan, once, though a guard stops it.',
};

const only: Flag = {
  kind: 'text',
  placeholder: 'ID[,ID]',
  description: 'Send these employeeIds alone; the others stay as they are, and no STATE is given back.',
};

const catalog = file('A catalog, as a tap prints it with --discover.');

export const commandTable = {
  name: 'target-together',
  summary: "Keeps a company's people in Together right, from any HRIS tap.",
  flags: commonFlags,
  commands: {
    '': {
      description: 'Read messages, plan, check the guards, deliver, print STATE lines.',
      flags: {
        input,
        'dry-run': { kind: 'switch', description: 'The same up to the guards: nothing is sent, no STATE is printed.' },
        only,
        verify: {
          kind: 'switch',
          description:
            "Read Together's own list before the plan (on_drift) and after the delivery (the summary's verify).",
        },
        accept,
        summary,
        report,
        redact,
        'save-state': file('Keep the last released STATE in FILE, replaced in one step; a terminal then shows none.'),
        ...plainFlags,
      },
      examples: [
        'tap-ukg-pro --config tap.json | target-together --config target.json --save-state state.json',
        '--config target.json --input people.singer --dry-run --report report.html',
      ],
    },
    init: {
      description: 'From nothing to a reviewed plan: asks, tries, writes the settings of both halves; sends nothing.',
      flags: {
        ...initFlags([...Object.values(questions), take, schedule]),
        ...Object.fromEntries(
          tapFlags.map((name) => [
            name,
            { kind: 'text' as const, description: 'For tap-ukg-pro, whose init is started first.' },
          ]),
        ),
        tap: {
          kind: 'text',
          placeholder: 'COMMAND',
          description: 'Another tap, as a shell starts it; none: no people are read. Default: tap-ukg-pro.',
        },
      },
      examples: ['init', 'init --tap "tap-bamboohr --config tap.json" --region eu'],
    },
    plan: {
      description: 'Read messages and write the plan; sends nothing.',
      flags: {
        input,
        out: file('Where the plan goes.'),
        summary,
        report,
        redact,
        compare: {
          kind: 'text',
          values: ['remote'],
          description: "Compare with Together's own list of users (one request).",
        },
        only,
        verify: { kind: 'switch', description: "Read Together's own list before the plan (on_drift)." },
        against: file('Other settings, in place of --config: what this change does, beside what the data does.'),
        markdown: { kind: 'switch', description: 'With --against: a table for a pull request.' },
        format: {
          ...format,
          values: ['text', 'json', 'markdown'],
          description: 'How --against answers; default text.',
        },
        'detailed-exitcode': { kind: 'switch', description: 'Exit 8 when there is something to send.' },
      },
      examples: [
        'tap-ukg-pro --config tap.json | target-together plan --config target.json --out plan.json --report plan.html',
        'plan --config target.json --against next.json --input people.singer',
      ],
    },
    apply: {
      description: 'Send exactly that plan, or refuse if mapping, settings or ledger have moved since.',
      positionals: ['PLAN'],
      flags: { accept, summary, report, redact, 'save-state': file('Keep the last released STATE in FILE.') },
      examples: ['apply plan.json --config target.json'],
    },
    revert: {
      description: 'Give people back what Together held of them before RUN (keep_values_days), through the guards.',
      positionals: ['RUN'],
      flags: {
        'end-created': {
          kind: 'switch',
          description: 'End people that RUN created: they can be taken back no other way.',
        },
        'dry-run': { kind: 'switch', description: 'The same up to the guards: nothing is sent.' },
        out: file('Send nothing, and write the plan for apply.'),
        accept,
        summary,
        report,
        redact,
      },
      examples: [
        'revert 20260331-040012-41ab --config target.json --dry-run --report revert.html',
        'revert 20260331-040012-41ab --config target.json',
      ],
    },
    person: {
      description:
        'What Together held of one person (employeeId, e-mail address, or employee number where it is sent as a custom field) at the end of a day, and which run and rule had brought it (keep_values_days).',
      positionals: ['PERSON'],
      flags: { 'as-of': { kind: 'text', placeholder: 'DAY', description: 'A day as in 2026-03-31; default today.' } },
      examples: ['person 100234 --as-of 2026-03-31 --config target.json'],
    },
    show: {
      description: 'Show a plan file again, as text, for programs, or as the HTML report; sends nothing.',
      positionals: ['PLAN'],
      flags: {
        report,
        redact: { ...redact, description: 'How much of a person is shown; default: as the plan itself.' },
        format: { ...format, values: ['text', 'json', 'csv', 'markdown'] },
      },
      examples: [
        'show plan.json --config target.json --report plan.html --redact names',
        'show plan.json --config target.json --format csv > plan.csv',
      ],
    },
    worklist: {
      description: 'What HR has to correct, person by person: whose record, since when, and what to do.',
      flags: {
        csv: { kind: 'switch', description: 'The same as --format csv.' },
        format: { ...format, values: ['text', 'json', 'csv'] },
      },
      examples: ['worklist --config target.json --csv > worklist.csv'],
    },
    explain: {
      description:
        "Read messages and tell one person's story, by employeeId, e-mail address, employee number or name; sends nothing.",
      positionals: ['PERSON'],
      flags: { input, redact: { ...redact, description: 'ids hides the values; default full, on your own terminal.' } },
      examples: [
        'explain 100234 --config target.json --input people.singer',
        'explain ada@example.com --config target.json --input people.singer',
      ],
    },
    verify: {
      description: 'Compare each field that Together accepted with its own list (one request); exit 8 when it differs.',
      flags: { format },
      examples: ['verify --config target.json', 'verify --config target.json --format json'],
    },
    drift: {
      description: 'Who was changed in Together since the last delivery, and in which fields (one request); exit 8.',
      flags: { format },
      examples: ['drift --config target.json'],
    },
    doctor: {
      description:
        'Prove host, headers, key and state without writing, and look at this machine, with half of the settings as well; with a catalog, mapping and filters too.',
      flags: { catalog, ...doctorFlags },
      examples: [
        'doctor --config target.json',
        'doctor --config target.json --catalog catalog.json --json',
        'doctor --config target.json --bundle support.json',
      ],
    },
    rehearse: {
      description:
        'Play life events against these settings on the built-in sandbox: what Together would hold, and what should not be.',
      flags: {
        preset: {
          kind: 'text',
          placeholder: 'NAME',
          description: "Records of this preset's tap; default: mapping.preset, else ukg-pro.",
        },
        catalog: file('What the tap offers, as it prints it with --discover: rules and filters must fit it.'),
        junit: file('Write the result as JUnit, for CI.'),
        format,
      },
      examples: [
        'rehearse --config target.json',
        'rehearse --config target.json --preset bamboohr --junit rehearsal.xml',
      ],
    },
    status: {
      description: 'The last successful run and its age, open refusals; for monitors.',
      flags: {
        'max-age-hours': {
          kind: 'text',
          placeholder: 'HOURS',
          description: 'Exit 1 when no successful run is younger.',
        },
        format,
      },
      examples: ['status --config target.json --max-age-hours 26'],
    },
    calendar: {
      description: 'Who starts, leaves or comes back in the days to come, as the last runs read it.',
      flags: { days: { kind: 'text', placeholder: 'DAYS', description: 'How many days ahead; default 30.' }, format },
      examples: ['calendar --config target.json --days 14'],
    },
    'ledger show': {
      description: 'What the ledger holds, in numbers.',
      examples: ['ledger show --config target.json'],
    },
    'ledger verify': {
      description: 'Read the whole ledger and check it.',
      examples: ['ledger verify --config target.json'],
    },
    'ledger forget': {
      description: 'The old name of privacy forget.',
      positionals: ['ID'],
      examples: ['ledger forget 100234 --config target.json'],
    },
    'ledger export': {
      description:
        'Copy all that is kept (ledger, e-mail owners, rejects, audit log) into an empty folder: a backup, or out of Redis.',
      positionals: ['FOLDER'],
      examples: ['ledger export backup --config target.json'],
    },
    'ledger import': {
      description: 'Take over what a folder keeps, where nothing is kept yet: a restored backup, or into Redis.',
      positionals: ['FOLDER'],
      examples: ['ledger import backup --config target.json'],
    },
    'privacy show': {
      description: 'Every trace of one person in the state, and where else to look.',
      positionals: ['ID'],
      flags: { format },
      examples: ['privacy show 100234 --config target.json'],
    },
    'privacy forget': {
      description: 'Remove every trace of one person from the state; says which copies it cannot reach.',
      positionals: ['ID'],
      examples: ['privacy forget 100234 --config target.json'],
    },
    'audit verify': {
      description: 'Check the audit log: no line changed, none missing.',
      flags: {
        head: {
          kind: 'text',
          placeholder: 'SEQ:HASH',
          description: 'Where the log ended once, as a run printed it: it must still hold that entry.',
        },
      },
      examples: ['audit verify --config target.json'],
    },
    'audit accept': {
      description: 'Set a damaged audit log aside and begin a new one that says so: runs go on.',
      examples: ['audit accept --config target.json'],
    },
    'mapping check': {
      description: 'What the mapping does with the streams of a catalog.',
      flags: { catalog, format },
      examples: ['mapping check --config target.json --catalog catalog.json'],
    },
    'mapping suggest': {
      description: 'Propose a mapping for a catalog, with the reasons.',
      flags: { catalog, format },
      examples: ['mapping suggest --catalog catalog.json --format json'],
    },
    ...helpCommands,
  },
} as const satisfies CommandTable;
