/** What each check of a doctor looks at, and what puts a finding right: docs/troubleshooting.md has it at the place that a finding names. */
import { repositoryUrl } from '../error.ts';

export const checkTexts = {
  settings: 'Every wrong or missing setting, by name. `init` asks for what is missing; docs/settings.md lists each.',
  catalog:
    'Whether the catalog selects something, and whether mapping and filters fit it. Let the tap write it anew with --discover.',
  ukg: 'Host, credentials and View rights, each web service by one row. The screen that gives a right is named beside it.',
  together:
    'Host, key and organization, by one request that changes nothing. Together support says which region, organization id and client id are yours.',
  tls: "The certificate on the way to the host: whether an authority trusted here has signed it, for how long it holds, and whether this machine's clock lies within that time. A proxy that reads along needs its authority in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE; an expired certificate only the host's owner can renew.",
  clock:
    'The time in the Date header of the answer: a warning beyond 60 s. Set the clock by the network: timedatectl set-ntp true.',
  'state folder':
    'Whether the state can be opened, and how many people are in the ledger. It must stay between runs, and belong to this user.',
  'last runs':
    'The last run, the last successful one, the last complete read, and whether one is under way. `target-together status` and the messages of that run tell why one failed.',
  versions: 'What runs here.',
  node: 'Whether this Node.js is supported. Install one of the versions that the finding names.',
  disk: 'Room for the state folder; of the tap for the temporary folder. Make room, or name another folder.',
  permissions: 'Whether this user can write there, and others can look in: chmod 700.',
  proxy: 'The proxy that https_proxy and its kin name. It must begin with http:// or https://.',
  'settings files':
    'Secrets that others can read, files that others can change (chmod 600), settings that do not exist.',
  'time zone':
    'The setting time_zone, which says which day is today, beside that of the other half in the same file and that of this machine. Give both halves the zone of your UKG.',
  schedules:
    'What starts a run, whether it is in place, and whether a run ended when one was due. `init --schedule NAME` writes one.',
} as const;

export type CheckName = keyof typeof checkTexts;

export const checkAnchor = (check: string): string => `doctor-${check.replaceAll(' ', '-')}`;

export const checkPage = (check: string): string =>
  `${repositoryUrl}/blob/main/docs/troubleshooting.md#${checkAnchor(check)}`;
