// Bundles each executable into one CommonJS file and links it into node_modules/.bin. The file's start is the entry, which answers
// --version, --help, --about, --discover and spec; what the entry imports on demand follows as sections (bundle/section.cjs).

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const executables = [
  ['tap-ukg-pro', 'tap-ukg-pro', 'entry.ts'],
  ['tap-ukg-pro', 'source-ukg-pro', 'entry-airbyte.ts'],
  ['target-together', 'target-together', 'entry.ts'],
  ['target-together', 'destination-together', 'entry-airbyte.ts'],
];

const common = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // As require(): a section has no module loader of its own to import with.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
  // Asked for only when a setting names them; a clear sentence tells what to install.
  external: [
    '@aws-sdk/client-secrets-manager',
    '@google-cloud/secret-manager',
    '@azure/identity',
    '@azure/keyvault-secrets',
    'ioredis',
    '@opentelemetry/*',
  ],
};

/**
 * Makes what others wrote small, for Node reads the whole file before it runs the first line (2 to 3 ms for each MB). What is
 * left out no caller can reach, but a bundler can't know that.
 */
const lean = {
  name: 'lean',
  setup({ onResolve, onLoad }) {
    // Without its Redis, which is not used.
    onResolve({ filter: /^bottleneck$/ }, () => ({ path: join(root, 'node_modules', 'bottleneck', 'light.js') }));
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const name = path.slice(path.lastIndexOf('node_modules') + 13).replaceAll('\\', '/');
      const contents = name in instead ? await instead[name](path) : await readFile(path, 'utf8');
      const { code } = await transform(contents, { minify: true, target: common.target });
      return { contents: code };
    });
  },
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

/** Every `import()` of the entry becomes a section; `sections` takes their sources by name. */
const sectioned = (entry, sections) => ({
  name: 'sectioned',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ kind, importer, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || importer !== entry) return undefined;
      return { path: resolve(resolveDir, path), namespace: 'section' };
    });
    onLoad({ filter: /./, namespace: 'section' }, async ({ path }) => {
      const name = basename(path);
      sections.set(name, await bundle(path, { plugins: [lean], minifySyntax: true, minifyWhitespace: true }));
      const loader = JSON.stringify(join(root, 'scripts', 'bundle', 'section.cjs'));
      return { contents: `module.exports = require(${loader})('${name}')`, resolveDir: dirname(path) };
    });
  },
});

async function bundle(source, options) {
  const { outputFiles } = await build({ ...common, entryPoints: [source], ...options });
  return outputFiles[0].text;
}

/** Code as the body of a comment, one byte to a character; section.cjs turns it back. */
function commented(name, code) {
  if (code.includes('*@/'))
    throw new Error(`${name} can't stand in a comment: it has the mark that stands for its end`);
  return code
    .replaceAll('*/', '*@/')
    .replace(/[\u0080-\uffff]/g, (other) => `\\u${other.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The start, then each section in a comment of its own, then a line of JSON that says where they are. */
function assembled(start, sections) {
  let file = `#!/usr/bin/env node\n${start}`;
  const places = {};
  for (const [name, source] of sections) {
    const code = commented(name, source);
    file += `/*# ${name}\n`;
    places[name] = [file.length, code.length, file.split('\n').length - 1];
    file += `${code}\n#*/\n`;
  }
  return `${file}${' '.repeat(1024)}\n//${JSON.stringify(places)}\n`;
}

await Promise.all(
  executables.map(async ([folder, name, file]) => {
    const entry = join(root, folder, 'src', file);
    if (!existsSync(entry)) return;
    const sections = new Map();
    const start = await bundle(entry, { plugins: [sectioned(entry, sections)], minify: true, keepNames: true });
    const outfile = join(root, folder, 'dist', `${name}.cjs`);
    await mkdir(dirname(outfile), { recursive: true });
    // Renamed into place: whoever starts the old file meanwhile reads the old file.
    await writeFile(`${outfile}.${process.pid}`, assembled(start, sections));
    await chmod(`${outfile}.${process.pid}`, 0o755);
    await rename(`${outfile}.${process.pid}`, outfile);
    const bin = join(root, 'node_modules', '.bin');
    await mkdir(bin, { recursive: true });
    await rm(join(bin, name), { force: true });
    await symlink(relative(bin, outfile), join(bin, name));
  }),
);
