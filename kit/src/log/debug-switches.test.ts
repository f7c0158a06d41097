import { expect, it } from 'vitest';
import { warnOfDebugging } from './debug-switches.ts';

const warnings = (env: Record<string, string>, args: readonly string[] = []) => {
  const found: string[] = [];
  warnOfDebugging(env, args, (message) => found.push(message));
  return found;
};

it.each(['http', 'fs,HTTP', 'net', 'child_process', '*', 'ht*', 'timer, net'])(
  'NODE_DEBUG=%s is warned of',
  (value) => {
    expect(warnings({ NODE_DEBUG: value })).toEqual([expect.stringContaining('NODE_DEBUG prints keys')]);
  },
);

it.each(['', 'timer', 'fs,module', 'http-client', '('])('NODE_DEBUG=%s prints no key', (value) => {
  expect(warnings({ NODE_DEBUG: value })).toEqual([]);
});

it.each([
  '--inspect',
  '--inspect-brk=0.0.0.0:9229',
  '"--inspect-wait"',
  '--heapsnapshot-signal=SIGUSR2',
  '--report_on_signal',
])('%s is warned of, by either way', (option) => {
  const expected = [expect.stringMatching(/^Node\.js runs with .*(port|file)/)];
  expect(warnings({ NODE_OPTIONS: `--max-old-space-size=99 ${option}` })).toEqual(expected);
  expect(warnings({}, [option])).toEqual(expected);
});

it('other options are not', () => {
  expect(
    warnings({ NODE_OPTIONS: '--inspect-port=9 --import=x --max-old-space-size=1024' }, ['--no-warnings']),
  ).toEqual([]);
});
