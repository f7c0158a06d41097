import type { CommandTable, Flag } from './command-line.ts';

/** The text of `--help`. */
export function usage(table: CommandTable): string {
  const lines = [table.summary, '', 'Usage:'];
  for (const [name, command] of Object.entries(table.commands)) {
    const words = [
      table.name,
      name,
      ...(command.positionals ?? []).map((word) => (word.endsWith('?') ? `[${word.slice(0, -1)}]` : word)),
    ];
    lines.push(`  ${words.filter(Boolean).join(' ')} [options]`, `      ${command.description}`);
  }
  lines.push('', 'Options:', ...flagLines(table.flags));
  for (const [name, command] of Object.entries(table.commands)) {
    const own = flagLines(command.flags ?? {});
    if (own.length > 0) lines.push('', `Options of ${name === '' ? 'the plain run' : name}:`, ...own);
  }
  return lines.join('\n');
}

function flagLines(flags: Readonly<Record<string, Flag>>): string[] {
  const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden);
  const heads = shown.map(([name, flag]) => {
    if (flag.kind === 'switch') return `--${name}${flag.values ? `[=${flag.values.join('|')}]` : ''}`;
    return `--${name} ${flag.placeholder ?? flag.values?.join('|') ?? 'VALUE'}`;
  });
  const width = Math.min(30, Math.max(...heads.map((head) => head.length), 0)) + 2;
  return shown.map(([, flag], i) => `  ${(heads[i] as string).padEnd(width)}${flag.description}`);
}
