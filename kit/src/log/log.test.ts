import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConnectorError, said } from '../error.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { logFailure } from './failure.ts';
import { createLogger, type LogOptions } from './log.ts';
import { counter, timed } from './metrics.ts';
import { createRedactor } from './redact.ts';

function setup(options: Partial<LogOptions> & { tty?: boolean } = {}) {
  let text = '';
  const clock = fakeClock();
  const redactor = createRedactor();
  const logger = createLogger({
    name: 'tap-ukg-pro',
    env: {},
    clock,
    redactor,
    pid: 42,
    stream: { write: (chunk) => (text += chunk), isTTY: options.tty, columns: 40 },
    ...options,
  });
  return { logger, clock, redactor, text: () => text, lines: () => text.split('\n').slice(0, -1) };
}

const path = join(mkdtempSync(join(tmpdir(), 'log-')), 'log.json');
function configured(formatter: unknown, level = 'INFO') {
  // What Meltano writes.
  writeFileSync(
    path,
    JSON.stringify({ version: 1, formatters: { structured: formatter }, root: { level, handlers: ['stderr'] } }),
  );
  return { env: { SINGER_SDK_LOG_CONFIG: path } };
}
const structured = configured({ '()': 'singer_sdk.logging.StructuredFormatter' });

describe('in a pipe', () => {
  it('writes the SDK’s layout, one line for each line of a message', () => {
    const { logger, lines } = setup();
    logger.info('one\ntwo');
    logger.warn('careful');
    expect(lines()).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| INFO {5}\| tap-ukg-pro {10}\| one$/),
      expect.stringMatching(/\| two$/),
      expect.stringMatching(/ \| WARNING {2}\| tap-ukg-pro/),
    ]);
  });

  it('writes METRIC lines in the SDK’s form', () => {
    const { logger, lines } = setup();
    logger.child('people').metric({ type: 'counter', metric: 'record_count', value: 3 });
    expect(lines()[0]).toMatch(
      /\| singer_sdk\.metrics {3}\| METRIC: \{"type":"counter","metric":"record_count","value":3,"tags":\{"stream":"people","pid":42\}\}$/,
    );
  });

  it('lets no control character through', () => {
    const { logger, text } = setup();
    logger.info('a\x1b[31mb\rc\u009bd\te');
    expect(text()).toContain('a\\u001b[31mb\\u000dc\\u009bd\te\n');
  });

  it('tells progress once a minute', () => {
    const { logger, clock, lines } = setup();
    for (let i = 0; i < 130; i++) {
      logger.progress(`${i} of 130`);
      clock.advance(1000);
    }
    expect(lines().map((line) => line.slice(-9))).toEqual([' 0 of 130', '60 of 130', '120 of 130'.slice(-9)]);
  });
});

describe('at a terminal', () => {
  it('writes the time and the message, the level where it matters, in colour unless NO_COLOR is set', () => {
    const { logger, lines } = setup({ tty: true });
    logger.info('reading');
    logger.warn('careful');
    expect(lines().map((line) => line.replace('\r\x1b[K', '<'))).toEqual([
      expect.stringMatching(/^<\d\d:\d\d:\d\d {2}reading$/),
      expect.stringContaining('  \x1b[33mwarning: \x1b[0mcareful'),
    ]);
    const plain = setup({ tty: true, env: { NO_COLOR: '1' } });
    plain.logger.error('bad');
    expect(plain.lines()[0]).toMatch(/ {2}error: bad$/);
  });

  it('names a stream once, whether its message does or not', () => {
    const { logger, lines } = setup({ tty: true, env: { NO_COLOR: '1' } });
    logger.child('employees').info('employees: 3 records.');
    logger.child('employees').info('reading everybody.');
    expect(lines().map((line) => line.replace('\r\x1b[K', '').slice(10))).toEqual([
      'employees: 3 records.',
      'employees: reading everybody.',
    ]);
  });

  it('keeps the progress on one line, below the log', () => {
    const { logger, clock, text } = setup({ tty: true });
    logger.progress('1 of 2');
    logger.info('hello');
    clock.advance(200);
    logger.progress('2 of 2');
    logger.progress('');
    expect(text().replaceAll('\r\x1b[K', '<')).toMatch(/^<1 of 2<\d\d:\d\d:\d\d {2}hello\n1 of 2<2 of 2<$/);
  });

  it.each([
    ['stdout is the same terminal, full of messages', { tty: true, stdoutIsTerminal: true }],
    ['the terminal has no cursor to move', { tty: true, env: { TERM: 'dumb' } }],
  ])('draws no progress where %s', (_where, options) => {
    const { logger, text } = setup(options);
    logger.progress('1 of 2');
    logger.progress('');
    expect(text()).toBe('');
  });

  it('leaves numbers for machines out', () => {
    const { logger, text } = setup({ tty: true });
    logger.metric({ type: 'counter', metric: 'record_count', value: 3 });
    expect(text()).toBe('');
  });
});

describe('as Meltano asks for', () => {
  it('writes JSON lines that its parser takes', () => {
    const { logger, lines, clock } = setup(structured);
    logger.child('people').warn('careful', { attempt: 2 });
    expect(JSON.parse(lines()[0] as string)).toEqual({
      level: 'warning',
      pid: 42,
      logger_name: 'tap-ukg-pro',
      ts: clock.now() / 1000,
      thread_name: 'MainThread',
      app_name: 'tap-ukg-pro',
      stream_name: 'people',
      message: 'careful',
      extra: { attempt: 2 },
    });
  });

  it('gives exceptions as frames, without a foreign error’s message, to whoever wants DEBUG', () => {
    const quiet = setup(structured);
    quiet.logger.error('failed', { error: new Error('x') });
    expect(JSON.parse(quiet.lines()[0] as string)).not.toHaveProperty('exception');
    const { logger, lines } = setup({ ...structured, env: { ...structured.env, TAP_UKG_PRO_LOGLEVEL: 'DEBUG' } });
    logger.error('failed', {
      error: new ConnectorError('unexpected', said`ours`, { cause: new TypeError('Ada Lovelace') }),
    });
    const { exception } = JSON.parse(lines()[0] as string) as { exception: Record<string, unknown> };
    expect(exception).toMatchObject({
      type: 'ConnectorError',
      message: 'ours.',
      cause: { type: 'TypeError', message: '' },
    });
    expect((exception['traceback'] as unknown[])[0]).toMatchObject({
      filename: expect.stringContaining('log.test.ts') as string,
      lineno: expect.any(Number) as number,
      line: '',
    });
    expect(lines()[0]).not.toContain('Lovelace');
  });

  it('gives metrics as metric_info', () => {
    const { logger, lines } = setup(structured);
    logger.metric({ type: 'timer', metric: 'sync_duration', value: 1.5, tags: { status: 'succeeded' } });
    expect(JSON.parse(lines()[0] as string)).toMatchObject({
      message: 'METRIC',
      logger_name: 'singer_sdk.metrics',
      metric_info: { type: 'timer', metric: 'sync_duration', value: 1.5 },
    });
  });

  it('writes bare messages, and follows the level of the configuration', () => {
    const { logger, text } = setup(configured({ format: '%(message)s' }, 'WARNING'));
    logger.info('no');
    logger.warn('yes');
    expect(text()).toBe('yes\n');
  });
});

it('the plugin’s own level comes before LOGLEVEL', () => {
  const { logger, lines } = setup({ env: { TAP_UKG_PRO_LOGLEVEL: 'error', LOGLEVEL: 'DEBUG' } });
  logger.warn('no');
  logger.error('yes');
  expect(lines()).toHaveLength(1);
});

it('a sink takes entries instead, masked', () => {
  const seen: unknown[] = [];
  const { logger, redactor, text } = setup({ sink: (...entry) => seen.push(entry) });
  redactor.add('hunter22');
  logger.info('key hunter22');
  logger.debug('no');
  expect(seen).toEqual([['info', 'key ***', undefined]]);
  expect(text()).toBe('');
});

it('gauges are for telemetry, and no lines of the log unless it is asked for everything', () => {
  for (const [env, count] of [
    [{}, 0],
    [{ LOGLEVEL: 'DEBUG' }, 1],
  ] as const) {
    const { logger, text } = setup({ env });
    logger.metric({ type: 'gauge', metric: 'people', value: 3, tags: { outcome: 'created' } });
    expect(text().match(/METRIC/g) ?? []).toHaveLength(count);
  }
});

it('a broken stderr does not end the run', () => {
  const { logger } = setup({
    stream: {
      write: () => {
        throw new Error('EPIPE');
      },
    },
  });
  expect(() => logger.error('lost')).not.toThrow();
});

it('no secret passes in any spelling, mode or place', () => {
  const secret = 'p"ä/ß & 7\\x';
  const spelt = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(`user:${secret}`).toString('base64'),
    Buffer.from(`me:${secret}`).toString('base64url'),
    JSON.stringify({ secret }),
    JSON.stringify(JSON.stringify({ secret })),
    new URLSearchParams({ secret }).toString(),
  ];
  for (const options of [{}, { tty: true }, structured, { env: { LOGLEVEL: 'DEBUG' } }]) {
    const { logger, redactor, text } = setup(options);
    redactor.add(secret);
    for (const form of spelt) {
      logger.error(`failed: ${form}`, { nested: { form }, error: new Error(form) });
      logger.progress(form);
    }
    for (const form of spelt.slice(0, 2)) expect(text()).not.toContain(form);
    expect(text()).not.toContain(Buffer.from(secret).toString('base64').slice(2, -3));
    expect(text()).not.toMatch(/ß|%C3%9F|& 7|\+7/);
  }
});

it('logFailure gives one sentence, the next step and the exit code', () => {
  const { logger, lines } = setup({ env: { NO_COLOR: '1' }, tty: true });
  expect(
    logFailure(
      logger,
      new ConnectorError('credentials', said`UKG refused the password.`, { hint: 'Ask for a new one.' }),
    ),
  ).toBe(6);
  expect(lines().map((line) => line.replace('\r\x1b[K', '').slice(10))).toEqual([
    'error: UKG refused the password.',
    'error: Ask for a new one.',
    'error: See https://github.com/ukg-together/ukg-together/blob/main/docs/troubleshooting.md#ukg-refused-the-password',
  ]);
  const foreign = setup();
  expect(logFailure(foreign.logger, new TypeError('Ada Lovelace is undefined'))).toBe(1);
  expect(foreign.text()).not.toContain('Lovelace');
});

describe('metrics', () => {
  it('count once a minute and at the end, nothing twice', () => {
    const values: number[] = [];
    const { clock, logger } = setup({
      sink: (_, message) => values.push((JSON.parse(message.slice(8)) as { value: number }).value),
    });
    const records = counter({ logger, clock }, 'record_count');
    for (let i = 0; i < 1000; i++) {
      records.add();
      clock.advance(100);
    }
    records.close();
    records.close();
    expect(values.reduce((a, b) => a + b)).toBe(1000);
    expect(values.length).toBe(2);
  });

  it('time a job, and a failed one too', async () => {
    const seen: unknown[] = [];
    const { clock, logger } = setup({ sink: (_, message) => seen.push(JSON.parse(message.slice(8))) });
    await timed({ logger, clock }, 'sync_duration', {}, async () => clock.advance(1500));
    await timed({ logger, clock }, 'sync_duration', {}, () => Promise.reject(new Error('x'))).catch(() => {});
    expect(seen).toMatchObject([
      { value: 1.5, tags: { status: 'succeeded' } },
      { value: 0, tags: { status: 'failed' } },
    ]);
  });
});
