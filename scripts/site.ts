/** `npm run site`: the documentation as a site, in site/.cache/dist, and its checks: links, accessibility, search. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { siteFaults } from './site/check.ts';
import { stagePages } from './site/pages.ts';
import { makePictures, pictures } from './site/pictures.ts';
import { questions } from './site/questions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = join(root, 'site');
const cache = join(site, '.cache');
const run = (...[command, ...args]: [string, ...string[]]) =>
  execFileSync(command, args, { cwd: site, stdio: 'inherit', shell: process.platform === 'win32' });

// Its packages are its own: the connectors and their tests need none of them.
const installed = join(site, 'node_modules/.package-lock.json');
const isFresh = () => existsSync(installed) && existsSync(join(site, 'node_modules/vitepress'));
if (!isFresh() || process.env['CI']) run('npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund');

// --keep-pictures: while writing, those of the last time.
const folder = join(cache, 'public');
const keep = process.argv.includes('--keep-pictures') && existsSync(folder);
if (!keep) await makePictures(root, folder);
stagePages(join(root, 'docs'), join(cache, 'pages'), pictures, folder);
run(join(site, 'node_modules/.bin/vitepress'), 'build');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const faults = await siteFaults(join(cache, 'dist'), axe);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else
  console.log(
    `The site is in site/.cache/dist: no dead link, no accessibility fault, ${questions.length} questions answered.`,
  );
