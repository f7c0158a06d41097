import { describe, expect, it } from 'vitest';
import { readJsonFile } from './json.ts';

describe('a JSON file', () => {
  it('that can’t be opened is a wrong flag or setting, whatever stands in it is judged for', async () => {
    await expect(readJsonFile('/nowhere/catalog.json', 'The catalog', 'input')).rejects.toMatchObject({
      kind: 'settings',
      message: 'The catalog /nowhere/catalog.json does not exist.',
    });
    await expect(readJsonFile(import.meta.filename, 'The catalog', 'input')).rejects.toMatchObject({ kind: 'input' });
  });
});
