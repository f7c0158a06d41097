/** The fields file is not waited for while a run sends: a power cut may take its end, while the log keeps what it says of it. */
import { expect, it } from 'vitest';
import { person } from '../testing/people.ts';
import { everybody, world } from '../testing/run.ts';

const ids = Array.from({ length: 12 }, (_, i) => `e${i}`);

it.each([0, 40, 100, 333])(
  'after a power cut that took fields of people who were sent, %i bytes of them left, later runs go on',
  async (left) => {
    const { files, day } = world();
    await day({ events: everybody(ids.map((id) => person(id, { title: 'a' }))) });
    const [name = ''] = [...files.keys()].filter((file) => file.startsWith('ledger-fields'));
    const before = { runs: files.get('runs.json') as Buffer, fields: files.get(name)?.length ?? 0 };
    const settings = { guards: { max_changed: null, max_email_changed: null } };
    await day({ events: everybody(ids.map((id) => person(id, { title: id === 'e0' ? 'a' : 'b' }))), settings });
    files.set('runs.json', before.runs);
    files.set(name, (files.get(name) as Buffer).subarray(0, before.fields + left));
    for (const title of ['b', 'c', 'd', 'e']) {
      const ran = await day({
        events: everybody(ids.map((id, i) => person(id, { title: i % 3 === 0 || title === 'e' ? title : 'b' }))),
        settings,
      });
      expect(ran.error).toBeUndefined();
    }
  },
);
