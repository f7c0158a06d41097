import { readFileSync } from 'node:fs';
import type { LogLevel, LogMode } from './entry.ts';

/** Python's names and ours, in any case. */
export function levelOf(word: string | undefined): LogLevel | undefined {
  switch (word?.trim().toLowerCase() ?? '') {
    case 'debug':
    case 'notset':
    case 'trace':
      return 'debug';
    case 'info':
      return 'info';
    case 'warn':
    case 'warning':
      return 'warning';
    case 'error':
    case 'critical':
    case 'fatal':
      return 'error';
    default:
      return undefined;
  }
}

/**
 * What a Python logging configuration (JSON or YAML) asks for: the SDK's StructuredFormatter means JSON lines, a bare
 * `%(message)s` means nothing around the message. Meltano writes one of the two.
 */
export function readLogConfig(path: string | undefined): { mode?: LogMode; level?: LogLevel } {
  if (!path) return {};
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const rootLevel = levelOf(/["']?root["']?\s*:[\s\S]*?["']?level["']?\s*:\s*["']?(\w+)/.exec(text)?.[1]);
  const level = rootLevel === undefined ? {} : { level: rootLevel };
  if (text.includes('StructuredFormatter')) return { mode: 'json', ...level };
  const bare = /["']?format["']?\s*:\s*["']?%\(message\)s["']?\s*[,}\n]/.test(`${text}\n`);
  return bare ? { mode: 'bare', ...level } : { mode: 'plain', ...level };
}
