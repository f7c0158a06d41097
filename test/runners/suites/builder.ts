/** The manifest for Airbyte Cloud's Connector Builder, run by the CDK, and held against what the connector itself reads. */
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { assert, equal, executable, jsonLines, ok, root, writeJson } from '../tools.ts';
import { canary, markSensitive, threeRights, type World, withWorld } from '../world.ts';

interface Stream {
  name: string;
  source_defined_primary_key?: string[][];
}
interface Row {
  stream: string;
  data: Record<string, unknown>;
}

const lowCode = program('airbyte', 'source-declarative-manifest');

/** The streams that a source discovers, all of them read in full; its rows as `stream [key]`, sorted. */
async function rowsOf(world: World, source: string, config: string, wanted?: readonly string[]) {
  const discovered = await ok(source, ['discover', '--config', config]);
  const { streams } = (jsonLines(discovered.stdout).find(({ type }) => type === 'CATALOG')?.['catalog'] as
    | { streams: Stream[] }
    | undefined) ?? { streams: [] };
  const chosen = streams.filter(({ name }) => wanted?.includes(name) ?? true);
  const catalog = await writeJson(join(world.folder, 'builder-catalog.json'), {
    streams: chosen.map((stream) => ({ stream, sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' })),
  });
  const ran = await ok(source, ['read', '--config', config, '--catalog', catalog], { timeoutMs: 600_000 });
  const keys = new Map(chosen.map(({ name, source_defined_primary_key: key = [] }) => [name, key.flat()]));
  const rows = jsonLines(ran.stdout).flatMap(({ type, record }) => (type === 'RECORD' ? [record as Row] : []));
  const text = ({ stream, data }: Row) =>
    `${stream} ${JSON.stringify((keys.get(stream) ?? []).map((name) => String(data[name])))}`;
  return { names: chosen.map(({ name }) => name), rows: rows.map(text).sort(), stdout: ran.stdout };
}

export const checks: readonly Check[] = [
  {
    name: "builder: the CDK reads the manifest's streams, the rows that the connector reads, and nothing sensitive",
    needs: ['airbyte'],
    run: () =>
      withWorld({ ukg: { rights: threeRights } }, async (world) => {
        markSensitive(world);
        const python = await ok(program('airbyte', 'python'), [
          '-c',
          'import json,sys,yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))',
          join(root, 'airbyte/source-ukg-pro/manifest.yaml'),
        ]);
        const manifest = JSON.parse(python.stdout) as { streams: unknown[] };
        const config = await writeJson(join(world.folder, 'builder.json'), {
          ...world.tapSettings,
          __injected_declarative_manifest: manifest,
        });
        const checked = await ok(lowCode, ['check', '--config', config]);
        assert(checked.stdout.includes('"SUCCEEDED"'), checked.stdout);
        const built = await rowsOf(world, lowCode, config);
        equal(built.names.length, manifest.streams.length, 'streams that the CDK discovers');
        assert(!built.stdout.includes(canary), 'a sensitive value was read');
        const own = await writeJson(join(world.folder, 'own.json'), world.tapSettings);
        const known = await rowsOf(world, executable('source-ukg-pro'), own, built.names);
        const without = (rows: readonly string[], others: readonly string[]) => {
          const there = new Set(others);
          return rows.filter((row) => !there.has(row));
        };
        equal(without(built.rows, known.rows).slice(0, 20), [], 'rows of the manifest alone');
        equal(without(known.rows, built.rows).slice(0, 20), [], 'rows of the connector alone');
        equal(built.rows.length, known.rows.length, 'rows');
        return `${built.names.length} streams, ${built.rows.length} rows`;
      }),
  },
];
