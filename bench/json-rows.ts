/**
 * What the reader of UKG's pages (tap-ukg-pro) takes beside `stream-json`: whole processes that read the same pages, 94 fields a row,
 * and write the same lines. And what each says of pages that are broken in one place.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { readers } from './json-readers.ts';
import { bench, fixture, folder, isWanted, measure, pair, people, row } from './support.ts';

/** What our reader may take of stream-json's CPU: above it, a reader of our own would not be worth keeping. */
const worthKeeping = 0.6;

const others = [
  ['functions', 'stream-json (functions)', worthKeeping],
  ['streams', 'stream-json (streams)', worthKeeping],
  ['whole', 'JSON.parse of the page', undefined],
] as const;
const broken = 'json-rows: broken pages';

export async function jsonRows(): Promise<void> {
  const wanted = others.filter(([, name]) => isWanted(rowName(name)));
  if (wanted.length > 0) {
    const program = await bundled();
    const { base, stop } = await fixture(people);
    const command = (reader: string) => `node ${program} ${reader} ${base}`;
    for (const [reader, name, most] of wanted) {
      await measure(`cmp <(${command('ours')}) <(${command(reader)})`);
      await pair(
        rowName(name),
        `${command('ours')} > /dev/null`,
        `${command(reader)} > /dev/null`,
        `CPU of ${name}`,
        most,
      );
    }
    stop();
  }
  if (isWanted(broken)) for (const reader of ['ours', 'functions', 'streams', 'whole']) await refusals(reader);
}

const rowName = (name: string) => `json-rows: ours, ${name}`;

async function bundled(): Promise<string> {
  const outfile = join(folder, 'json-rows.mjs');
  await build({
    entryPoints: [bench('json-rows-child.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

const pages: Readonly<Record<string, string | Buffer>> = {
  'cut after a row': '[{"a":1},{"a":2}',
  'cut after a comma': '[{"a":1},',
  'cut in a row': '[{"a":1},{"a"',
  empty: '',
  'not UTF-8': Buffer.from('[{"a":"Zoë"}]', 'latin1'),
  'text after the list': '[{"a":1}] <html>',
  'rows that are no objects': '[1,2]',
  'a null among the rows': '[{"a":1},null]',
  'a comma too many': '[{"a":1},]',
  'an endless row': `[{"a":"${'x'.repeat(40 << 20)}"}]`,
};

async function refusals(reader: string): Promise<void> {
  const taken: string[] = [];
  for (const [name, text] of Object.entries(pages)) {
    if (!(await refuses(reader, Buffer.from(text as string)))) taken.push(name);
  }
  const count = Object.keys(pages).length;
  const list = taken.length > 0 ? `; accepted: ${taken.join(', ')}` : '';
  row(
    `${broken}, ${reader}`,
    `${count - taken.length} of ${count} refused${list}`,
    taken.length,
    reader === 'ours' ? 0 : undefined,
  );
}

async function refuses(reader: string, page: Buffer): Promise<boolean> {
  try {
    for await (const _ of readers[reader]?.(pieces(page)) ?? []);
    return false;
  } catch {
    return true;
  }
}

async function* pieces(page: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < page.length; at += 65_536) yield page.subarray(at, at + 65_536);
}
