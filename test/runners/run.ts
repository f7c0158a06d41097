/**
 * `npm run runners [-- words …]`: installs the real runners (Meltano, Airbyte's, the SDK's, Dagster, Airflow …) into .cache/runners,
 * drives the four executables with them against the sandbox on loopback, and looks at the outcome. One line for each check;
 * the last line is `N passed, N failed`, which TEST_REPORT names a file for. Words pick checks whose name contains one of them;
 * `--list` only lists; `--times N` does all of it N times over, each check in a world of its own again.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { environments, install } from './environments.ts';
import { checks as airbyte } from './suites/airbyte.ts';
import { checks as builder } from './suites/builder.ts';
import { checks as deployments } from './suites/deployments.ts';
import { checks as image } from './suites/image.ts';
import { checks as meltano } from './suites/meltano.ts';
import { checks as openStreams } from './suites/open-streams.ts';
import { checks as schedulers } from './suites/schedulers.ts';
import { checks as secrets } from './suites/secrets.ts';
import { checks as singer } from './suites/singer.ts';
import { checks as smallSites } from './suites/small-sites.ts';
import { checks as streamMaps } from './suites/stream-maps.ts';
import { checks as wheels } from './suites/wheels.ts';
import { checks as written } from './suites/written.ts';
import { cache, ok } from './tools.ts';

const all = [
  ...singer,
  ...streamMaps,
  ...openStreams,
  ...wheels,
  ...meltano,
  ...written,
  ...airbyte,
  ...builder,
  ...image,
  ...deployments,
  ...smallSites,
  ...schedulers,
  ...secrets,
];
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, times: { type: 'string', default: '1' } },
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) throw new Error(`--times ${values.times}: not a number of times`);
const chosen = words.length === 0 ? all : all.filter(({ name }) => words.some((word) => name.includes(word)));
const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

if (values.list) {
  for (const { name } of chosen) say(name);
} else {
  const started = performance.now();
  const needed = environments.filter((name) => chosen.some(({ needs }) => needs.includes(name)));
  await install(needed, (name, ms) => say(`install ${name}: ${ms === 0 ? 'there' : seconds(ms)}`));
  const disk = (await ok('du', ['-sm', cache])).stdout.split('\t')[0];
  say(`installed in ${seconds(performance.now() - started)}, ${disk} MB in .cache/runners`);

  let passed = 0;
  const failed: string[] = [];
  for (const { name, run } of Array.from({ length: times }, () => chosen).flat()) {
    const begun = performance.now();
    try {
      const detail = await run();
      passed += 1;
      say(`ok   ${name} (${seconds(performance.now() - begun)})${detail === undefined ? '' : `: ${detail}`}`);
    } catch (error) {
      failed.push(name);
      say(`FAIL ${name} (${seconds(performance.now() - begun)})`);
      say(`     ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', '\n     ')}`);
    }
  }
  say(`in ${seconds(performance.now() - started)}${failed.length > 0 ? `; failed: ${failed.join(' · ')}` : ''}`);
  say(`${passed} passed, ${failed.length} failed`);
  const report = process.env['TEST_REPORT'];
  if (report !== undefined && report !== '')
    await writeFile(report, JSON.stringify({ numPassedTests: passed, numFailedTests: failed.length, testResults: [] }));
  process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
}
