/**
 * `npm run supply-chain`: what we depend on, what we ship, and whether it works where nothing of this repository is. One line for
 * each check; the tarballs that it leaves in dist/packages/ are the ones to publish. `--require-audit`: a registry without an audit
 * fails it, too.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audit } from './audit.ts';
import { dependencyFaults, locked } from './dependencies.ts';
import { installedUnder, majors } from './installed.ts';
import { bundledLicences, contents, installTools, lint, pack, published, sameBytes, writeBom } from './packages.ts';
import { packSandbox, sandboxName, sandboxWorks } from './sandbox-package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);
let passed = 0;
let failed = 0;

/** Runs a check; its answer is the detail of its line, and an error its failure. */
async function check(name: string, job: () => Promise<string> | string): Promise<void> {
  const started = performance.now();
  try {
    const detail = await job();
    passed += 1;
    say(`ok   ${name}: ${detail} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    say(`FAIL ${name}\n     ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', '\n     ')}`);
  }
}

await check('dependencies: each with a reason, licences on the list, no install scripts', () => {
  const faults = dependencyFaults(root);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return 'docs/dependencies.md';
});

for (const folder of locked) {
  const found = await audit(join(root, folder));
  const name = `npm audit in ${folder}`;
  if (found.verdict === 'unanswered' && !process.argv.includes('--require-audit')) {
    say(`?    ${name}: not known, for this registry does not audit (${found.reason})`);
    continue;
  }
  await check(name, () => {
    if (found.verdict === 'clean') return `nothing found in ${found.packages} packages`;
    throw new Error(found.verdict === 'vulnerable' ? found.found.join('\n') : found.reason);
  });
}

await installTools(root);
for (const name of published) {
  await check(`licences in ${name}`, () => bundledLicences(root, name));
  await check(`SBOM of ${name}`, () => writeBom(root, name));
}
await check('reproducible', () => sameBytes(root));
const tarballs = await pack(root);
for (const [name, tarball] of tarballs) {
  await check(`contents of ${name}`, () => contents(root, name, tarball));
  await check(`fields of ${name}`, () => lint(root, tarball));
}
await check(`${sandboxName} as a package`, async () => await sandboxWorks(root, await packSandbox(root)));
for (const major of majors)
  await check(`installed under Node ${major}`, () => installedUnder(root, [...tarballs.values()], major));

say(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
