// Bundles each executable into one CommonJS file (it starts fastest so) and links it into node_modules/.bin.
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const executables = [
  ['tap-ukg-pro', 'tap-ukg-pro', 'entry.ts'],
  ['tap-ukg-pro', 'source-ukg-pro', 'entry-airbyte.ts'],
  ['target-together', 'target-together', 'entry.ts'],
  ['target-together', 'destination-together', 'entry-airbyte.ts'],
];

await Promise.all(
  executables.map(async ([folder, name, entry]) => {
    const source = join(root, folder, 'src', entry);
    if (!existsSync(source)) return;
    const outfile = join(root, folder, 'dist', `${name}.cjs`);
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      minify: true,
      keepNames: true,
      legalComments: 'none',
      logLevel: 'warning',
      banner: { js: '#!/usr/bin/env node' },
      // Asked for only when a setting names them; a clear sentence tells what to install.
      external: [
        '@aws-sdk/client-secrets-manager',
        '@google-cloud/secret-manager',
        '@azure/identity',
        '@azure/keyvault-secrets',
        'ioredis',
        '@opentelemetry/*',
      ],
    });
    await chmod(outfile, 0o755);
    const bin = join(root, 'node_modules', '.bin');
    await mkdir(bin, { recursive: true });
    await rm(join(bin, name), { force: true });
    await symlink(relative(bin, outfile), join(bin, name));
  }),
);
