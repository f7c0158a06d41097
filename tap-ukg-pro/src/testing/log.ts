/** Logs for tests: silent, or remembered. */
import type { Logger } from '@ukg-together/kit/log/log';

export function memoryLog(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const logger = (): Logger => ({
    debug: (message) => lines.push(`debug ${message}`),
    info: (message) => lines.push(`info ${message}`),
    warn: (message) => lines.push(`warn ${message}`),
    error: (message) => lines.push(`error ${message}`),
    metric: () => {},
    progress: () => {},
    child: logger,
  });
  return { ...logger(), lines };
}

export const silentLog = (): Logger => memoryLog();
