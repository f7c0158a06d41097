import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { allows, dependencyFaults, locked, manifests, shipped, tools } from './dependencies.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of all files that the check reads, with one of them changed. */
function changed(file: string, change: (text: string) => string): string {
  const copy = mkdtempSync(join(tmpdir(), 'dependencies-'));
  folders.push(copy);
  const locks = locked.flatMap((folder) => [`${folder}/package-lock.json`, `${folder}/.npmrc`]);
  for (const path of [
    ...[...manifests(root).keys()].map((each) => `${each}/package.json`),
    ...locks,
    'docs/dependencies.md',
  ]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
  return copy;
}

describe('dependencies', () => {
  test('each has a reason and a licence on the list', () => {
    expect(dependencyFaults(root)).toEqual([]);
  });

  test('a new one without a reason is found', () => {
    const copy = changed('transport/package.json', (text) =>
      text.replace('"@ukg-together/kit"', '"axios": "^1.0.0", "@ukg-together/protocol"'),
    );
    expect(dependencyFaults(copy)).toEqual(['axios (transport/package.json) has no reason in docs/dependencies.md.']);
  });

  test('a reason without a dependency is found', () => {
    const copy = changed('docs/dependencies.md', (text) => `${text}\n| \`left-pad\` | MIT | pads |\n`);
    expect(dependencyFaults(copy)).toEqual(['left-pad stands in docs/dependencies.md, and nothing uses it.']);
  });

  test('another licence than the line says is found', () => {
    const copy = changed('docs/dependencies.md', (text) => text.replace('`publint` | MIT', '`publint` | ISC'));
    expect(dependencyFaults(copy)).toEqual(['publint: docs/dependencies.md says ISC, its package MIT.']);
  });

  test('a licence that is not on the list is found, wherever in the tree', () => {
    const copy = changed('package-lock.json', (text) =>
      text.replace('"packages": {', '"packages": { "node_modules/a/node_modules/b": { "license": "AGPL-3.0-only" },'),
    );
    expect(dependencyFaults(copy)).toEqual(['b: licence AGPL-3.0-only is not on the list of docs/dependencies.md.']);
  });

  test('install scripts are found, own and others', () => {
    const theirs = changed('package-lock.json', (text) =>
      text.replace('"packages": {', '"packages": { "node_modules/a": { "license": "MIT", "hasInstallScript": true },'),
    );
    expect(dependencyFaults(theirs)).toEqual(['a has an install script.']);
    const own = changed('target-together/package.json', (text) =>
      text.replace('"bin"', '"scripts": { "postinstall": "node x" }, "bin"'),
    );
    expect(dependencyFaults(own)).toEqual(['target-together/package.json has an install script: postinstall.']);
  });

  test('a published package that would bring a tree along is found', () => {
    const copy = changed('target-together/package.json', (text) =>
      text.replace('"bin"', '"dependencies": { "zod": "^4.0.0" }, "bin"'),
    );
    expect(dependencyFaults(copy)).toEqual([
      'target-together/package.json has dependencies; what a published package needs is bundled.',
    ]);
  });

  test('licence expressions', () => {
    expect(allows(shipped, '(MIT OR GPL-3.0-only)')).toBe(true);
    expect(allows(shipped, 'MIT AND CC-BY-3.0')).toBe(false);
    expect(allows(tools, 'MIT AND CC-BY-3.0')).toBe(true);
    expect(allows(tools, 'none')).toBe(false);
  });
});
