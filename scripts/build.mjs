// Bundles each executable into one CommonJS file and links it into node_modules/.bin. The file's start is the entry, which answers
// --version, --help, --about, --discover and spec; what the entry imports on demand follows as sections (bundle/section.cjs).

import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { merged, notices, onDemand, thirdParties } from './bundle/contents.mjs';

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
  metafile: true,
  absWorkingDir: root,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // As require(): a section has no module loader of its own to import with.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
  external: onDemand,
};

/**
 * Makes what others wrote small, for Node reads the whole file before it runs the first line (2 to 3 ms for each MB). What is
 * left out no caller can reach, but a bundler can't know that.
 */
const lean = {
  name: 'lean',
  setup({ onLoad }) {
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

/** What few runs need, and what shares no code with the rest: sections of their own also where a section imports them. */
const apart = /[\\/](jsonata|temporal-polyfill|ajv\.ts)$/;

/**
 * Every `import()` of the entry becomes a section, as does one of `apart` in the sections; `sections` takes what `bundle` made of
 * them by name.
 */
const sectioned = (entry, sections) => ({
  name: 'sectioned',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ kind, importer, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || (importer !== entry && !apart.test(`/${path}`))) return undefined;
      if (!path.startsWith('.')) return { path, namespace: 'section', pluginData: path };
      const source = resolve(resolveDir, path);
      // The path stands in the bundle, which must be the same wherever it is made.
      return { path: relative(root, source).replaceAll('\\', '/'), namespace: 'section', pluginData: source };
    });
    onLoad({ filter: /./, namespace: 'section' }, async ({ path, pluginData: source }) => {
      const name = basename(path);
      sections.set(
        name,
        await bundle(source, {
          plugins: [sectioned(entry, sections), lean],
          minifySyntax: true,
          minifyWhitespace: true,
        }),
      );
      const loader = JSON.stringify(join(root, 'scripts', 'bundle', 'section.cjs'));
      return { contents: `module.exports = require(${loader})('${name}')`, resolveDir: root };
    });
  },
});

/** The code, and esbuild's list of what went into it. */
async function bundle(source, options) {
  const { outputFiles, metafile } = await build({ ...common, entryPoints: [source], ...options });
  return { code: outputFiles[0].text, metafile };
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
  // The first statement says which kind of module this is, to tools that guess it from words in the text.
  let file = `#!/usr/bin/env node\nmodule.exports = {};\n${start}`;
  const places = {};
  for (const [name, section] of sections) {
    const code = commented(name, section.code);
    file += `/*# ${name}\n`;
    places[name] = [file.length, code.length, file.split('\n').length - 1];
    file += `${code}\n#*/\n`;
  }
  return `${file}${' '.repeat(1024)}\n//${JSON.stringify(places)}\n`;
}

/** Renamed into place: whoever starts or reads the old file meanwhile gets the old file. */
async function put(file, text, mode = 0o644) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, text);
  await chmod(`${file}.${process.pid}`, mode);
  await rename(`${file}.${process.pid}`, file);
}

const metafiles = await Promise.all(
  executables.map(async ([folder, name, file]) => {
    const entry = join(root, folder, 'src', file);
    const sections = new Map();
    const start = await bundle(entry, { plugins: [sectioned(entry, sections)], minify: true, keepNames: true });
    const outfile = join(root, folder, 'dist', `${name}.cjs`);
    await put(outfile, assembled(start.code, sections), 0o755);
    const bin = join(root, 'node_modules', '.bin');
    await mkdir(bin, { recursive: true });
    await rm(join(bin, name), { force: true });
    await symlink(relative(bin, outfile), join(bin, name));
    return [folder, [start, ...sections.values()].map(({ metafile }) => metafile)];
  }),
);

// What stands in each package besides its own code: for its readers as licences demand, and for `npm run supply-chain`.
for (const folder of new Set(executables.map(([name]) => name))) {
  const metafile = merged(metafiles.flatMap(([name, files]) => (name === folder ? files : [])));
  await put(join(root, '.cache', 'bundle', `${folder}.json`), JSON.stringify(metafile));
  await put(
    join(root, folder, 'dist', 'THIRD-PARTY-NOTICES.txt'),
    notices(folder, thirdParties(metafile, join(root, folder))),
  );
}
