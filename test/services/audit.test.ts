/** npm's audit against registries that audit, that do not, and that say "nothing found" to everybody. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../../scripts/supply-chain/audit.ts';

const advisory = (versions: string) => ({
  id: 1,
  url: 'https://example.com/advisories/1',
  title: 'a hole',
  severity: 'high',
  vulnerable_versions: versions,
  cwe: [],
  cvss: { score: 8, vectorString: null },
});

let folder: string;
let server: Server | undefined;
const before = process.env['npm_config_registry'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audited-'));
  const dependencies = { undici: '7.0.0' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const packages = { '': { dependencies }, 'node_modules/undici': { version: '7.0.0' } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env['npm_config_registry'];
  else process.env['npm_config_registry'] = before;
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

/** A registry whose audit answers with this. */
async function registry(status: number, advisories: object | string): Promise<void> {
  server = createServer((request, response) => {
    request.resume();
    const audits = request.url?.endsWith('/advisories/bulk') === true;
    response.writeHead(audits ? status : 404, { 'content-type': 'application/json' });
    response.end(typeof advisories === 'string' ? advisories : JSON.stringify(audits ? advisories : {}));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  process.env['npm_config_registry'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('npm audit', () => {
  test('clean, from a registry that knows the holes of lodash', async () => {
    await registry(200, { lodash: [advisory('<4.17.21')] });
    expect(await audit(folder)).toEqual({ verdict: 'clean', packages: 1 });
  });

  test('a hole in what we use is named', async () => {
    await registry(200, { lodash: [advisory('<4.17.21')], undici: [advisory('<7.1.0')] });
    expect(await audit(folder)).toEqual({
      verdict: 'vulnerable',
      found: ['undici high https://example.com/advisories/1'],
    });
  });

  test.each([
    ['refuses the question', 405, ''],
    ['answers with a page', 200, '<html>'],
    ['finds nothing in anything', 200, '{}'],
  ])('a registry that %s has told us nothing', async (_, status, body) => {
    await registry(status, body);
    expect(await audit(folder)).toMatchObject({ verdict: 'unanswered' });
  });
});
