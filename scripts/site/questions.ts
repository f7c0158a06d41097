/** What newcomers ask, and the page that the site's search must show first. */
export const questions: readonly (readonly [question: string, page: string])[] = [
  ['what is the ledger', 'faq'],
  ['try it without a tenant', 'tutorial'],
  ['BambooHR recipe', 'recipes'],
  ['a guard stopped the run', 'operations'],
  ['exit code 6 credentials', 'troubleshooting'],
  ['checklist before the first night', 'going-live'],
  ['when does a leaver lose access', 'faq'],
  ['proxy certificate', 'network'],
  ['keep the password in Vault', 'secrets'],
  ['upgrade to a new version', 'upgrading'],
];
