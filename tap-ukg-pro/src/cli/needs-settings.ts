/** Whether the catalog depends on the settings: only own endpoints and extra fields change it. Nothing is validated here. */
import { readFileSync } from 'node:fs';

const words = ['custom_endpoints', 'include_fields'];

/**
 * `config`: what `--config` named. True as well when a file can't be read, and for the word ENV, whose settings may stand
 * in a `.env`: then the core looks, and says what is wrong.
 */
export function needsSettings(config: readonly string[]): boolean {
  return config.some((path) => {
    if (path === 'ENV') return true;
    try {
      const text = readFileSync(path, 'utf8');
      return words.some((word) => text.includes(word));
    } catch {
      return true;
    }
  });
}
