/** Switches of Node.js that show secrets to others: a run can't undo them, and says so. */
import type { Environment } from '../text/environment.ts';

/** Sections of NODE_DEBUG that were seen to print headers with keys (`http`, `https`, `net`) or the environment (`child_process`). */
const telling = ['http', 'https', 'net', 'child_process'];

const options: readonly { readonly option: RegExp; readonly does: string }[] = [
  {
    option: /^--inspect(-brk|-wait)?(=|$)/,
    does: 'lets every program that reaches its port read every key and every person',
  },
  { option: /^--tls-keylog(=|$)/, does: 'writes into a file what opens all that it sends and receives' },
  { option: /^--heapsnapshot-/, does: 'writes every key and every person into a file' },
  { option: /^--report-(on|uncaught)/, does: 'writes the environment, with the keys in it, into a file' },
];

/** `args`: the options that Node.js itself was started with. */
export function warnOfDebugging(env: Environment, args: readonly string[], warn: (message: string) => void): void {
  const sections = (env['NODE_DEBUG'] ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const shown = sections.filter((section) => {
    const named = new RegExp(`^${section.replace(/[^\w*]/g, '.').replaceAll('*', '.*')}$`);
    return telling.some((name) => named.test(name));
  });
  if (shown.length > 0)
    warn('NODE_DEBUG prints keys into the log of this run: unset it, and replace keys that were printed.');
  for (const given of [...(env['NODE_OPTIONS'] ?? '').split(/\s+/), ...args]) {
    const found = options.find(({ option }) => option.test(given.replace(/^["']|["']$/g, '').replaceAll('_', '-')));
    if (found) warn(`Node.js runs with ${given.replace(/=.*/, '')}, which ${found.does}.`);
  }
}
