/** What makes a shell complete commands and options, from the table: one text for each shell. */
import { ConnectorError, said } from '../error.ts';
import { show } from '../text/show.ts';
import type { CommandTable, Flag } from './command-line.ts';

const shells = { bash, zsh, fish } satisfies Record<string, (table: CommandTable) => string>;

/** Throws ConnectorError 'settings' for another shell. */
export function completion(table: CommandTable, shell: string | undefined): string {
  const write = Object.hasOwn(shells, shell ?? '') ? shells[shell as keyof typeof shells] : undefined;
  if (write) return write(table);
  throw new ConnectorError('settings', said`completion knows ${Object.keys(shells).join(', ')}, not ${show(shell)}.`, {
    hint: `For example: ${table.name} completion bash >> ~/.bashrc`,
  });
}

/** By what has been typed: the words that may come next. The longest comes first. */
function choices({ commands, flags }: CommandTable): [typed: string, next: string[]][] {
  const names = Object.keys(commands).filter(Boolean);
  const firsts = [...new Set(names.map((name) => name.split(' ')[0] as string))];
  const groups = firsts.filter((first) => !names.includes(first));
  const shared = options(flags);
  return [
    ...names
      .filter((name) => name !== 'help' && name !== 'completion')
      .map((name): [string, string[]] => [name, [...options(commands[name]?.flags), ...shared]]),
    ['completion', Object.keys(shells)],
    ['help', firsts],
    ...groups.map((group): [string, string[]] => [
      group,
      names.filter((name) => name.startsWith(`${group} `)).map((name) => name.slice(group.length + 1)),
    ]),
    ['', [...firsts, ...options(commands['']?.flags), ...shared]],
  ];
}

const shownFlags = (flags: Readonly<Record<string, Flag>> = {}): [string, Flag][] =>
  Object.entries(flags).filter(([, flag]) => !flag.hidden);
const options = (flags?: Readonly<Record<string, Flag>>): string[] => shownFlags(flags).map(([name]) => `--${name}`);

/** Flags that take a value: those with a list of values, and those whose value is a file or free. */
function valued(table: CommandTable): { listed: [string, readonly string[]][]; free: string[] } {
  const all = new Map<string, Set<string>>();
  for (const flags of [table.flags, ...Object.values(table.commands).map((command) => command.flags)]) {
    for (const [name, flag] of shownFlags(flags)) {
      if (flag.kind === 'text')
        all.set(`--${name}`, new Set([...(all.get(`--${name}`) ?? []), ...(flag.values ?? [])]));
    }
  }
  const entries = [...all].map(([name, values]): [string, readonly string[]] => [name, [...values]]);
  return {
    listed: entries.filter(([, values]) => values.length > 0),
    free: entries.filter(([, values]) => values.length === 0).map(([name]) => name),
  };
}

/** Where a file may stand as well: after a whole command. */
const isOptions = (next: readonly string[]) => next.every((word) => word.startsWith('-'));

const functionName = (table: CommandTable) => `_${table.name.replaceAll('-', '_')}`;
const pattern = (typed: string) => (typed === '' ? '*' : `*' ${typed} '*`);

function bash(table: CommandTable): string {
  const { listed, free } = valued(table);
  const reply = (words: readonly string[]) => `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur"))`;
  return `${functionName(table)}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} typed=" \${COMP_WORDS[*]:1:COMP_CWORD-1} "
  case \${COMP_WORDS[COMP_CWORD-1]} in
    ${free.join('|')}) return ;;
${listed.map(([name, values]) => `    ${name}) ${reply(values)}; return ;;`).join('\n')}
  esac
  case $typed in
${choices(table)
  .map(([typed, next]) => `    ${pattern(typed)}) ${reply(next)} ;;`)
  .join('\n')}
  esac
}
complete -o default -F ${functionName(table)} ${table.name}`;
}

function zsh(table: CommandTable): string {
  const { listed, free } = valued(table);
  return `#compdef ${table.name}
${functionName(table)}() {
  local typed=" \${(j: :)words[2,CURRENT-1]} "
  case \${words[CURRENT-1]} in
    ${free.join('|')}) _files; return ;;
${listed.map(([name, values]) => `    ${name}) compadd -- ${values.join(' ')}; return ;;`).join('\n')}
  esac
  case $typed in
${choices(table)
  .map(
    ([typed, next]) =>
      `    ${pattern(typed)}) compadd -- ${next.join(' ')}${isOptions(next) ? '; [[ $PREFIX == -* ]] || _files' : ''} ;;`,
  )
  .join('\n')}
  esac
}
compdef ${functionName(table)} ${table.name}`;
}

function fish(table: CommandTable): string {
  const names = Object.keys(table.commands).filter(Boolean);
  const seen = (words: string) =>
    words
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
  const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const flagLine = (condition: string, [name, flag]: [string, Flag]) =>
    `complete -c ${table.name}${condition} -l ${name}${
      flag.kind === 'switch' ? '' : flag.values ? ` -x -a ${quoted(flag.values.join(' '))}` : ' -r -F'
    } -d ${quoted(flag.description)}`;
  const lines = names.map((name) => {
    const [first = '', second] = name.split(' ');
    const [condition, word] = second === undefined ? ['__fish_use_subcommand', first] : [seen(first), second];
    const { description = '' } = table.commands[name] ?? {};
    return `complete -c ${table.name} -n ${quoted(condition)} -a ${word} -d ${quoted(description)}`;
  });
  const groups = new Set(names.filter((name) => name.includes(' ')).map((name) => name.split(' ')[0] as string));
  return [
    `complete -c ${table.name} -n __fish_use_subcommand -f`,
    ...[...groups].flatMap((group) => [
      `complete -c ${table.name} -n __fish_use_subcommand -a ${group}`,
      `complete -c ${table.name} -n ${quoted(seen(group))} -f`,
    ]),
    ...lines,
    `complete -c ${table.name} -n ${quoted(seen('help'))} -x -a ${quoted([...new Set(names.map((name) => name.split(' ')[0]))].join(' '))}`,
    `complete -c ${table.name} -n ${quoted(seen('completion'))} -x -a ${quoted(Object.keys(shells).join(' '))}`,
    ...shownFlags(table.flags).map((flag) => flagLine('', flag)),
    ...names.flatMap((name) =>
      shownFlags(table.commands[name]?.flags).map((flag) => flagLine(` -n ${quoted(seen(name))}`, flag)),
    ),
    ...shownFlags(table.commands['']?.flags).map((flag) => flagLine(' -n __fish_use_subcommand', flag)),
  ].join('\n');
}
