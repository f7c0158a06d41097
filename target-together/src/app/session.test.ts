import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestFolder, testFolder, testIo, testSchema } from '../testing/session.ts';
import { openSession, type Session } from './session.ts';

const folders: TestFolder[] = [];
const sessions: Session[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

async function open(settings: object = {}, program?: Parameters<typeof openSession>[2]) {
  const folder = await testFolder(settings);
  folders.push(folder);
  const process = testIo();
  const session = await openSession([folder.config], process.io, program);
  sessions.push(session);
  return { session, folder, ...process };
}

const schema = (stream: string) =>
  ({ type: 'schema', stream, schema: testSchema, keyProperties: ['employeeId'] }) as const;

describe('a session', () => {
  it('knows account, destination and program', async () => {
    const { session, folder } = await open({}, 'destination-together');
    expect(session.account).toMatchObject({ organizationId: 'org', apiKey: 'a key' });
    expect(session.account.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:1\/?$/);
    expect(session.about).toMatchObject({
      tool: { name: 'destination-together', node: process.versions.node },
      destination: { host: '127.0.0.1:1', region: null, organization_id: 'org' },
    });
    expect(session.destination).toBe('127.0.0.1:1\norg');
    expect(session.configs).toEqual([folder.config]);
    expect(session.statePlace).toMatchObject({ kind: 'folder', where: join(folder.folder, 'state') });
  });

  it.each([
    [{ state_dir: null }, null],
    [{ state_dir: 'none' }, null],
    [
      { state_dir: 'redis', limiter: { type: 'redis', url: 'redis://127.0.0.1:1' } },
      expect.objectContaining({ kind: 'redis' }),
    ],
  ])('with %o keeps its state in %o', async (settings, place) => {
    expect((await open(settings)).session.statePlace).toEqual(place);
  });

  it('has one hash for settings that make the same plan: a release makes no other one', async () => {
    const hashOf = async (settings: object) =>
      (await open({ client_id: 'c', state_dir: null, ...settings })).session.settingsHash;
    const hash = await hashOf({});
    expect(await hashOf({ accept_plan: 'abc' })).toBe(hash);
    expect(await hashOf({ vanished: 'terminate' })).not.toBe(hash);
  });

  it('tells all faults at once, those of mapping rules too', async () => {
    const faults = open({ batch_size: 0, mapping: { fields: { title: { from: 'x', type: 'no type' } } } });
    await expect(faults).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringMatching(/batch_size[\s\S]*mapping\.fields\.title/),
    });
  });

  it('masks secrets in whatever is logged later', async () => {
    const { io } = await open({ api_key: 'a very secret key' });
    expect(io.redactor.text('with a very secret key inside')).not.toContain('secret');
  });

  it('opens the mapping of a stream once it comes, and hashes all that were opened', async () => {
    const { session, lines } = await open();
    const before = session.mapping.hash();
    expect(await session.mapping.open(schema('other'))).toBeUndefined();
    const mapping = await session.mapping.open(schema('employees'));
    expect(
      mapping?.map({ employeeId: '1', email: 'a@example.com', employeeStatusCode: 'A', firstName: 'A', lastName: 'B' }),
    ).toMatchObject({ kind: 'user', user: { employeeId: '1' } });
    expect(session.mapping.of('employees')).toBe(mapping);
    expect(session.mapping.of('other')).toBeUndefined();
    expect(session.mapping.hash()).not.toBe(before);
    expect(lines.some(({ level }) => level === 'error')).toBe(false);
  });

  it('names a settings file that is not JSON', async () => {
    const folder = await testFolder();
    folders.push(folder);
    await writeFile(folder.config, '{"region":');
    await expect(openSession([folder.config], testIo().io)).rejects.toMatchObject({ kind: 'settings' });
  });
});
