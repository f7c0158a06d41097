import { type CommandTable, helpCommands, parseCommandLine } from '@ukg-together/kit/command/command-line';
import { usage } from '@ukg-together/kit/command/usage';
import { describe, expect, it } from 'vitest';
import { commonFlags, formatFlag, inputFlag, parseTapArgs, plainFlags, tapTable } from './command.ts';

const target: CommandTable = {
  name: 'target-together',
  summary: 'Keeps people right.',
  flags: commonFlags,
  commands: {
    '': {
      description: 'Deliver.',
      flags: { input: inputFlag, 'dry-run': { kind: 'switch', description: 'Send nothing.' }, ...plainFlags },
    },
    plan: { description: 'Plan.', flags: { out: { kind: 'text', placeholder: 'FILE', description: 'Where to.' } } },
    apply: { description: 'Apply.', positionals: ['PLAN'] },
    'ledger forget': { description: 'Forget.', positionals: ['ID'] },
    'ledger verify': { description: 'Verify.' },
    explain: {
      description: 'Explain.',
      positionals: ['ID', 'WHEN?'],
      flags: { input: inputFlag, format: formatFlag },
      examples: ['explain E1 --input FILE'],
    },
    ...helpCommands,
  },
};
const parse = (...argv: string[]) => parseCommandLine(target, argv);
const tap = (...argv: string[]) => parseTapArgs(tapTable('tap-ukg-pro', 'Reads.'), argv);

describe('parseCommandLine', () => {
  it('takes flags and commands in any order and both spellings', () => {
    for (const argv of [
      ['plan', '--config', 'a.json', '--out', 'p'],
      ['--config=a.json', 'plan', '--out=p'],
      ['--out', 'p', '--config', 'a.json', 'plan'],
    ]) {
      const line = parse(...argv);
      expect([line.command, line.values('config'), line.value('out')]).toEqual(['plan', ['a.json'], 'p']);
    }
  });

  it('knows commands of two words, and what follows them', () => {
    expect(parse('ledger', 'forget', 'E1')).toMatchObject({ command: 'ledger forget', positionals: ['E1'] });
    expect(parse('explain', 'E1')).toMatchObject({ command: 'explain', positionals: ['E1'] });
    expect(parse('--config', 'ENV', '--config', 'b').values('config')).toEqual(['ENV', 'b']);
  });

  it.each([
    [['--confg', 'x'], 'Unknown option "--confg" (did you mean "--config"?).'],
    [['--config'], 'Option --config needs a value.'],
    [['--config', '--input', 'x'], 'Option --config needs a value.'],
    [['--help=yes'], 'Option --help takes no value.'],
    [['--format', 'jsn'], 'did you mean "json"?'],
    [['--input', 'a', '--input', 'b'], 'given 2 times'],
    [['explain', 'E1', '--format', 'markdown'], 'Option --format takes text or json, not "markdown".'],
    [['plan', '--format', 'json'], 'Option --format belongs to the plain run, "explain".'],
    [['help', 'pln'], 'Unknown command "pln" (did you mean "plan"?).'],
    [['completion'], '"completion" needs SHELL.'],
    [['--out', 'x'], 'Option --out belongs to "plan".'],
    [['plan', '--dry-run'], 'Option --dry-run belongs to the plain run.'],
    [['pln'], 'Unknown command "pln" (did you mean "plan"?).'],
    [['ledger'], '"ledger" needs one of: forget, verify.'],
    [['apply'], '"apply" needs PLAN.'],
    [['apply', 'a', 'b'], '"apply" does not take "b".'],
    [['--__proto__', 'x'], 'Unknown option "--__proto__"'],
    [['-c', 'x'], 'Unknown option "-c"'],
  ])('refuses %j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(
      expect.objectContaining({
        kind: 'settings',
        exitCode: 2,
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('lists every command, the options of the plain run, LOGLEVEL', () => {
    const text = usage(target);
    for (const word of [
      '--config FILE',
      '-h, --help',
      'ledger forget ID',
      'explain ID [WHEN]',
      'Send nothing.',
      'LOGLEVEL',
    ])
      expect(text).toContain(word);
    expect(text).not.toContain('--out');
  });

  it.each([[['plan', '--help']], [['plan', '-h']], [['help', 'plan']], [['-h', '--config', 'x', 'plan']]])(
    'answers %j with the help of that command alone',
    (argv) => {
      const line = parse(...argv);
      expect(line.has('help')).toBe(true);
      const text = usage(target, line.command);
      expect(text).toContain('target-together plan [options]');
      expect(text).toContain('--out FILE');
      expect(text).not.toMatch(/dry-run|--input/);
      expect(() => parse('apply', 'p', '--input', 'x')).toThrow('belongs to the plain run, "explain"');
    },
  );

  it('asks for no argument where help is wanted; tells a group of commands together, and shows examples', () => {
    expect(usage(target, parse('apply', '-h').command)).toContain('apply PLAN');
    const ledger = usage(target, parse('help', 'ledger').command);
    expect(ledger).toContain('ledger forget ID');
    expect(ledger).toContain('ledger verify');
    expect(usage(target, 'explain')).toContain('  target-together explain E1 --input FILE');
  });
});

describe('parseTapArgs', () => {
  it('takes what Meltano sends, --properties too', () => {
    expect(tap('--config', 'c', '--properties', 'p', '--state', 's')).toMatchObject({
      action: 'sync',
      config: ['c'],
      catalog: 'p',
      state: 's',
    });
    expect(tap('--config', 'c', '--state', 's', '--discover')).toMatchObject({ action: 'discover' });
  });

  it('tests records or schemas', () => {
    expect(tap('--test')).toMatchObject({ action: 'test', schemaOnly: false });
    expect(tap('--test=schema', '--config', 'c')).toMatchObject({ action: 'test', schemaOnly: true });
    expect(() => tap('--test=everything')).toThrow('schema, all');
  });

  it('answers --help and --version before anything else', () => {
    expect(tap('--discover', '--help').action).toBe('help');
    expect(tap('--about', '--format', 'json')).toMatchObject({ action: 'about', format: 'json' });
  });
});
