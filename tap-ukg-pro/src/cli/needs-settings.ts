/** Whether what discovery shows depends on the settings: only these change it. Nothing is validated here. */
import { readFileSync } from 'node:fs';

const words = [
  'audit_details',
  'custom_endpoints',
  'deduction_codes',
  'include_fields',
  'pay_statements',
  'platform_configuration_classes',
];

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
