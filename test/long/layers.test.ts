import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { layers: string } };
const [program = '', ...words] = scripts.layers.split(' ');
const tops = words.slice(words.indexOf('.dependency-cruiser.cjs') + 1);

/** A small tree in the same folders that no rule minds. */
const sound: Readonly<Record<string, string>> = {
  'kit/src/error.ts': 'export interface Fault {}\nexport const fault = 1;\n',
  'protocol/src/events.ts': "import { fault } from '@ukg-together/kit/error';\nexport const event = fault;\n",
  'transport/src/send.ts': "import type { Fault } from '@ukg-together/kit/error';\nexport type Sent = Fault;\n",
  'tap-ukg-pro/src/cli/main.ts': "import { read } from '../sync/tap.ts';\nexport const main = read;\n",
  'tap-ukg-pro/src/sync/tap.ts': "import { event } from '@ukg-together/protocol/events';\nexport const read = event;\n",
  'target-together/src/run/run.ts':
    "import { plan } from '../plan/plan.ts';\nexport interface Facts {}\nexport const run = plan;\n",
  'target-together/src/plan/plan.ts': 'export const plan = 1;\n',
  'sandbox/src/world.ts': 'export const world = 1;\n',
};

/** What the layering check says of that tree with some files in it or changed; '' where it passes. */
async function check(files: Readonly<Record<string, string>>): Promise<string> {
  const tree = mkdtempSync(join(tmpdir(), 'layers-'));
  folders.push(tree);
  for (const path of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(root, path), join(tree, path));
  mkdirSync(join(tree, 'node_modules/@ukg-together'), { recursive: true });
  for (const top of tops) {
    mkdirSync(join(tree, top));
    writeFileSync(
      join(tree, top, 'package.json'),
      JSON.stringify({ type: 'module', exports: { './*': './src/*.ts' } }),
    );
    symlinkSync(`../../${top}`, join(tree, 'node_modules/@ukg-together', top));
  }
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  try {
    await promisify(execFile)(join(root, 'node_modules/.bin', program), words, { cwd: tree });
    return '';
  } catch (thrown) {
    return (thrown as { stdout: string }).stdout;
  }
}

/** What each of these files does wrong, by its path, and how the check names that. */
const planted: readonly { wrong: string; path: string; text: string; said: RegExp }[] = [
  {
    wrong: 'a circle',
    path: 'kit/src/log/log.ts',
    text: "import { text } from './text.ts';\nexport const log = text;\n",
    said: /error no-circular: kit\/src\/log\/log\.ts/,
  },
  {
    wrong: 'a circle of types alone',
    path: 'kit/src/lines/reader.ts',
    text: "import type { Line } from './line.ts';\nexport interface Reader { line: Line }\n",
    said: /error no-circular: kit\/src\/lines\/line\.ts/,
  },
  {
    wrong: 'transport that imports a half',
    path: 'transport/src/up.ts',
    text: "import { run } from '../../target-together/src/run/run.ts';\nexport const up = run;\n",
    said: /error transport-[^:]+: transport\/src\/up\.ts → target-together\/src\/run\/run\.ts/,
  },
  {
    wrong: 'a type of a package above, by its name',
    path: 'kit/src/up.ts',
    text: "import type { Sent } from '@ukg-together/transport/send';\nexport type Up = Sent;\n",
    said: /error kit-[^:]+: kit\/src\/up\.ts → transport\/src\/send\.ts/,
  },
  {
    wrong: 'a sandbox that imports ours',
    path: 'sandbox/src/up.ts',
    text: "import { fault } from '@ukg-together/kit/error';\nexport const up = fault;\n",
    said: /error sandbox-[^:]+: sandbox\/src\/up\.ts → kit\/src\/error\.ts/,
  },
  {
    wrong: 'a run that loads the sandbox',
    path: 'target-together/src/run/play.ts',
    text: "import { world } from '@ukg-together/sandbox/world';\nexport const play = world;\n",
    said: /error halves-are-strangers-too: target-together\/src\/run\/play\.ts → sandbox\/src\/world\.ts/,
  },
  {
    wrong: 'a type of a room above',
    path: 'target-together/src/plan/up.ts',
    text: "import type { Facts } from '../run/run.ts';\nexport type Up = Facts;\n",
    said: /error target-together: [^:]+: target-together\/src\/plan\/up\.ts → target-together\/src\/run\/run\.ts/,
  },
  {
    wrong: 'another room on the same floor',
    path: 'target-together/src/plan/beside.ts',
    text: "import { sent } from '../delivery/sent.ts';\nexport const beside = sent;\n",
    said: /error target-together: [^:]+: target-together\/src\/plan\/beside\.ts → target-together\/src\/delivery\/sent\.ts/,
  },
  {
    wrong: 'a room far above',
    path: 'tap-ukg-pro/src/ukg/up.ts',
    text: "import { main } from '../cli/main.ts';\nexport const up = main;\n",
    said: /error tap-ukg-pro: [^:]+: tap-ukg-pro\/src\/ukg\/up\.ts → tap-ukg-pro\/src\/cli\/main\.ts/,
  },
  {
    wrong: 'a room that stands on no floor',
    path: 'tap-ukg-pro/src/attic/chest.ts',
    text: "import { main } from '../cli/main.ts';\nexport const chest = main;\n",
    said: /error tap-ukg-pro: each room stands on a floor: tap-ukg-pro\/src\/attic\/chest\.ts/,
  },
];
const others = {
  'kit/src/log/text.ts': "import { log } from './log.ts';\nexport const text = () => log;\n",
  'kit/src/lines/line.ts': "import type { Reader } from './reader.ts';\nexport interface Line { by: Reader }\n",
  'target-together/src/delivery/sent.ts': 'export const sent = 1;\n',
};

describe('the layering check', () => {
  test('passes a tree that imports downwards', async () => {
    expect(await check({})).toBe('');
  });

  describe('of a tree with planted faults', () => {
    let said: string;
    beforeAll(async () => {
      said = await check({ ...others, ...Object.fromEntries(planted.map(({ path, text }) => [path, text])) });
    }, 300_000);

    test.each(planted)('fails on $wrong', (fault) => {
      expect(said).toMatch(fault.said);
    });

    test('names nothing else', () => {
      expect(said.match(/^ {2}error /gm)).toHaveLength(planted.length);
    });
  });
});
