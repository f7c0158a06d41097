import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../error.ts';
import { stopSignal } from './stop-signal.ts';

function fakeProcess() {
  const exits: (number | string | null | undefined)[] = [];
  const source = Object.assign(new EventEmitter(), {
    exit(code?: number | string | null): never {
      exits.push(code);
      return undefined as never;
    },
  });
  return { source, exits };
}

describe('stopSignal', () => {
  it.each([
    ['SIGTERM', 'SIGINT', 143],
    ['SIGINT', 'SIGTERM', 130],
    ['SIGTERM', 'SIGTERM', 143],
  ])('is aborted by %s, and a later %s changes nothing', (first, second, code) => {
    const { source } = fakeProcess();
    const signal = stopSignal(source as never, 'Run again.');
    expect(signal.aborted).toBe(false);
    source.emit(first);
    const { reason } = signal;
    source.emit(second);
    expect(signal.reason).toBe(reason);
    expect(reason).toBeInstanceOf(ConnectorError);
    expect(reason).toMatchObject({ exitCode: code, message: `Stopped by ${first}.`, hint: 'Run again.' });
  });

  it('listens until the process is gone, and ends it with its own exit code', () => {
    const { source, exits } = fakeProcess();
    stopSignal(source as never, '');
    source.emit('exit', 5);
    expect(exits).toEqual([5]);
    expect([source.listenerCount('SIGTERM'), source.listenerCount('SIGINT')]).toEqual([1, 1]);
  });
});
