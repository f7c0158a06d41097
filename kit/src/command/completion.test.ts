import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { CommandTable } from './command-line.ts';
import { helpCommands } from './command-line.ts';
import { completion } from './completion.ts';

const table: CommandTable = {
  name: 'my-tap',
  summary: '',
  flags: {
    config: { kind: 'text', placeholder: 'FILE', description: 'Settings.' },
    old: { kind: 'text', description: 'Hidden.', hidden: true },
  },
  commands: {
    '': { description: 'Read.' },
    plan: { description: 'Plan.', flags: { redact: { kind: 'text', values: ['ids', 'names'], description: 'How.' } } },
    'ledger show': { description: "What's kept." },
    'ledger forget': { description: 'Forget.', flags: { all: { kind: 'switch', description: 'All.' } } },
    ...helpCommands,
  },
};

/** What bash offers for the last of the words. */
function offered(...words: string[]): string[] {
  const script = `${completion(table, 'bash')}
COMP_WORDS=(my-tap ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _my_tap; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split('\n').filter(Boolean);
}

it('completes commands, their second words, their options and values in bash', () => {
  expect({
    first: offered(''),
    begun: offered('pl'),
    second: offered('ledger', ''),
    options: offered('--config', 'a.json', 'plan', '--'),
    ofTwoWords: offered('ledger', 'forget', '--a'),
    values: offered('plan', '--redact', ''),
    files: offered('plan', '--config', ''),
    help: offered('help', 'l'),
  }).toEqual({
    first: ['plan', 'ledger', 'help', 'completion', '--config'],
    begun: ['plan'],
    second: ['show', 'forget'],
    options: ['--redact', '--config'],
    ofTwoWords: ['--all'],
    values: ['ids', 'names'],
    files: [],
    help: ['ledger'],
  });
});

it('writes for zsh and fish too, and names the three where another is asked for', () => {
  expect(completion(table, 'zsh')).toMatch(/^#compdef my-tap\n[\s\S]*--redact\) compadd -- ids names/);
  expect(completion(table, 'fish')).toContain(
    "complete -c my-tap -n '__fish_seen_subcommand_from ledger' -a show -d 'What\\'s kept.'",
  );
  // Files are offered behind a whole command alone, not among the words of one that has begun.
  expect(completion(table, 'zsh')).toContain("*' ledger '*) compadd -- show forget ;;");
  expect(completion(table, 'zsh')).toContain('compadd -- --redact --config; [[ $PREFIX == -* ]] || _files ;;');
  expect(completion(table, 'fish')).toContain("complete -c my-tap -n '__fish_seen_subcommand_from ledger' -f");
  expect(completion(table, 'fish')).toContain(
    "complete -c my-tap -n '__fish_seen_subcommand_from help' -x -a 'plan ledger help completion'",
  );
  expect(completion(table, 'fish')).not.toContain('old');
  expect(() => completion(table, 'tcsh')).toThrow('completion knows bash, zsh, fish, not "tcsh".');
});
