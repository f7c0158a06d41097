/** `rehearse` stops at a mapping that can't be run, and says which rule it is. The whole of it: test/long/rehearse.test.ts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { start } from '../support/pipe.ts';

it('rehearse without an account at hand names the rule that no first run survives, as text and as JUnit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  try {
    const config = join(folder, 'target.json');
    const junit = join(folder, 'rehearsal.xml');
    const account = { region: 'us', organization_id: 'o', client_id: 'c', api_key: 'env:NO_SUCH_KEY' };
    const filters = [{ field: 'companyId', in: ['NONE'], name: 'our company' }];
    writeFileSync(config, JSON.stringify({ ...account, filters }), { mode: 0o600 });
    const { code, stdout, stderr } = await start('target-together', ['rehearse', '--config', config, '--junit', junit]);
    expect(code, stderr).toBe(2);
    expect(stdout).toContain('our company');
    expect(readFileSync(junit, 'utf8')).toMatch(/<failure message="\d+ mismatches">/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
