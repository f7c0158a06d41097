/** Start-up beside a bare Node process. */
import { bin, pair, rounds } from './support.ts';

export async function startUp(): Promise<void> {
  const bare = `${process.execPath} -e 0`;
  const times = Math.max(rounds, 15);
  const commands: [string, string, number][] = [
    ['tap-ukg-pro', '--version', 1.3],
    ['tap-ukg-pro', '--about --format json', 1.6],
    ['tap-ukg-pro', '--discover', 1.6],
    ['target-together', '--version', 1.3],
    ['target-together', '--about --format json', 1.6],
    ['source-ukg-pro', 'spec', 1.6],
    ['destination-together', 'spec', 1.6],
  ];
  for (const [name, words, most] of commands) {
    await pair(`start-up ${name} ${words}`, `${bin(name)} ${words} > /dev/null`, bare, 'node -e 0', most, times);
  }
}
