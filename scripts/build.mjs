// Bundles the two executables of each half into dist/: one small file each, which answers --version, --help, --about, --discover
// and spec, and chunks that it imports on demand and that both share (esbuild's own splitting). Links them into node_modules/.bin.

import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { notices, onDemand, owned, thirdParties } from './bundle/contents.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const halves = {
  'tap-ukg-pro': { 'tap-ukg-pro': 'entry.ts', 'source-ukg-pro': 'entry-airbyte.ts' },
  'target-together': { 'target-together': 'entry.ts', 'destination-together': 'entry-airbyte.ts' },
};

/** Other contents for files of libraries. */
const instead = {
  // Error messages in 50 languages.
  'zod/v4/locales/index.js': () => 'export { default as en } from "./en.js"',
  // 5,000 subdivisions, whose accents would be escaped, in a fifth of the room.
  'iso-3166/2.js': async (path) => {
    const { iso31662 } = await import(pathToFileURL(path).href);
    const table = deflateRawSync(JSON.stringify(iso31662), { level: 9 }).toString('base64');
    return `import { inflateRawSync } from 'node:zlib';
      export const iso31662 = JSON.parse(inflateRawSync(Buffer.from('${table}', 'base64')).toString());`;
  },
};

const lean = {
  name: 'lean',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const name = path.slice(path.lastIndexOf('node_modules') + 13).replaceAll('\\', '/');
      return name in instead ? { contents: await instead[name](path) } : undefined;
    });
  },
};

/** Renamed into place: a process that starts meanwhile reads the old file or the new one, never a part. */
async function put(file, contents, mode = 0o644) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, contents);
  await chmod(`${file}.${process.pid}`, mode);
  await rename(`${file}.${process.pid}`, file);
}

async function bundle(half, entries) {
  const dist = join(root, half, 'dist');
  const { outputFiles, metafile } = await build({
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: join(root, half, 'src', file), out })),
    outdir: dist,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    // Libraries written as CommonJS ask for Node's own modules with require().
    banner: {
      js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
    },
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    external: onDemand,
    plugins: [lean],
    write: false,
    metafile: true,
  });
  // Chunks before the files that name them.
  const chunks = outputFiles.filter(({ path }) => !(basename(path, '.mjs') in entries));
  for (const { path, contents } of chunks) await put(path, contents);
  for (const { path, contents } of outputFiles) {
    const name = basename(path, '.mjs');
    if (!(name in entries)) continue;
    await put(path, Buffer.concat([Buffer.from('#!/usr/bin/env node\n'), contents]), 0o755);
    const bin = join(root, 'node_modules', '.bin');
    await mkdir(bin, { recursive: true });
    const link = join(bin, `${name}.${process.pid}`);
    await symlink(relative(bin, path), link);
    await rename(link, join(bin, name));
  }
  const current = new Set(chunks.map(({ path }) => basename(path)));
  for (const name of await readdir(join(dist, 'chunks')))
    if (!current.has(name)) await rm(join(dist, 'chunks', name), { force: true });
  // What stands in the package besides its own code: for its readers as licences demand, and for `npm run supply-chain`.
  const contents = owned(metafile);
  await put(join(root, '.cache', 'bundle', `${half}.json`), JSON.stringify(contents));
  await put(join(dist, 'config.sample.json'), await readFile(join(root, 'config.sample.json')));
  await put(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(half, thirdParties(contents, join(root, half))));
}

await Promise.all(Object.entries(halves).map(([half, entries]) => bundle(half, entries)));
