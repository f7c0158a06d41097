/** What went into a package's executables: esbuild's own record of it, the third parties in it, and the notice of their licences. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Asked for only when a setting or a variable names them; a clear sentence tells what to install. */
export const onDemand = [
  '@aws-sdk/client-secrets-manager',
  '@azure/identity',
  '@azure/keyvault-secrets',
  '@google-cloud/secret-manager',
  '@opentelemetry/api',
  '@opentelemetry/sdk-node',
  'ioredis',
];

/**
 * esbuild's metafile of a package's executables, whose paths are from the repository's root, with paths from the package's
 * folder. Each library is one file in it, its package.json; all of ours, from any workspace, is the package's own.
 */
export function owned(metafile) {
  const named = (path) => {
    const library = path.match(/^node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/)?.[0];
    return library === undefined ? 'package.json' : `../${library}/package.json`;
  };
  const inputs = {};
  const outputs = {};
  for (const [path, { bytes, imports }] of Object.entries(metafile.inputs)) {
    const input = (inputs[named(path)] ??= { bytes: 0, imports: [] });
    input.bytes += bytes;
    input.imports.push(...imports.map((each) => (each.external ? each : { ...each, path: named(each.path) })));
  }
  for (const [index, { bytes, exports, imports, entryPoint, inputs: parts }] of Object.values(
    metafile.outputs,
  ).entries()) {
    const output = { bytes, exports, imports: imports.filter((each) => each.external), inputs: {} };
    if (entryPoint !== undefined) output.entryPoint = named(entryPoint);
    for (const [path, part] of Object.entries(parts)) if (part.bytesInOutput > 0) output.inputs[named(path)] = part;
    outputs[`${index}.mjs`] = output;
  }
  return { inputs, outputs };
}

/** The libraries of which code is in the outputs of `merged`, by name; `home` is the package's folder. */
export function thirdParties(metafile, home) {
  const manifests = new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  return [...manifests]
    .filter((path) => path !== 'package.json')
    .map((path) => {
      const { name, version, license } = JSON.parse(readFileSync(join(home, path), 'utf8'));
      const folder = dirname(join(home, path));
      const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
      const text = file && readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
      return { name, version, licence: license ?? 'none', text };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The text that a package ships for the code of others in it. */
export function notices(name, parties) {
  const rule = '-'.repeat(78);
  const sections = parties.map((each) => `${rule}\n${each.name} ${each.version} (${each.licence})\n\n${each.text}\n`);
  return `The executables of ${name} contain code of these packages, under these licences.\n\n${sections.join('\n')}`;
}
