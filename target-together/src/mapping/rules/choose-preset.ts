/** Which preset fits: by setting, by Meltano's name for the tap, or by what the SCHEMA has. The reason is for the log. */
import { ConnectorError } from '@ukg-together/kit/error';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { parsePath } from '../paths/path.ts';
import { lookUp } from '../paths/schema-path.ts';
import { type Preset, presetByName, presets } from './presets.ts';

export interface Choice {
  readonly preset: Preset | undefined;
  /** As in `preset bamboohr: Meltano runs autoidm_tap_bamboohr`. */
  readonly reason: string;
}

export interface ChooseOptions {
  /** `mapping.preset`; `none` means the user's rules alone. */
  readonly setting?: string | undefined;
  /** `MELTANO_EXTRACTOR_NAMESPACE`. */
  readonly extractorNamespace?: string | undefined;
  readonly stream: string;
  readonly schema?: JsonSchema | undefined;
}

/** Before anything is read: a name that no preset has is a fault of the settings. */
export function checkPresetName(setting: string | undefined): void {
  if (setting === undefined || setting === 'none' || presetByName(setting)) return;
  const names = presets.map((preset) => preset.name);
  throw new ConnectorError(
    'settings',
    `mapping.preset ${show(setting)} is none of ${names.join(', ')}, none${didYouMean(setting, names)}.`,
  );
}

/** The preset for one stream; `undefined` with the reason when none fits. */
export function choosePreset(options: ChooseOptions): Choice {
  checkPresetName(options.setting);
  if (options.setting === 'none') return { preset: undefined, reason: 'no preset: mapping.preset is none' };
  if (options.setting !== undefined)
    return { preset: presetByName(options.setting), reason: `preset ${options.setting}: set by mapping.preset` };
  const byName = presets.find(
    (preset) => options.extractorNamespace !== undefined && isNamespace(preset, options.extractorNamespace),
  );
  if (byName) return { preset: byName, reason: `preset ${byName.name}: Meltano runs ${options.extractorNamespace}` };
  const fitting = presets.filter((preset) => fits(preset, options.stream, options.schema));
  const named = fitting.filter((preset) => namesStream(preset, options.stream));
  const best = named.length > 0 ? named : fitting;
  const [first] = best;
  if (first && best.length === 1)
    return {
      preset: first,
      reason: `preset ${first.name}: stream ${show(options.stream)} has ${first.detect.join(', ')}`,
    };
  if (first)
    return {
      preset: undefined,
      reason: `no preset: stream ${show(options.stream)} fits ${best.map((preset) => preset.name).join(' and ')}; set mapping.preset`,
    };
  return { preset: undefined, reason: `no preset fits stream ${show(options.stream)}` };
}

/** Variants and inherited plugins keep the tap's name somewhere: `autoidm_tap_bamboohr`, `tap_bamboohr__prod`. */
function isNamespace(preset: Preset, namespace: string): boolean {
  const words = namespace.toLowerCase().replaceAll('-', '_');
  return preset.namespaces.some(
    (name) => words === name || words.endsWith(`_${name}`) || words.startsWith(`${name}__`),
  );
}

const sameName = (a: string, b: string) =>
  a.toLowerCase().replaceAll('-', '_') === b.toLowerCase().replaceAll('-', '_');
/** The stream's place among those the preset names, best first; undefined when it isn't one of them. */
export function streamRank(preset: Preset, stream: string): number | undefined {
  const place = preset.streams.findIndex((name) => sameName(name, stream));
  return place < 0 ? undefined : place;
}

const namesStream = (preset: Preset, stream: string): boolean => streamRank(preset, stream) !== undefined;

/** Whether the stream has everything that tells this preset's people from other rows. */
function fits(preset: Preset, stream: string, schema: JsonSchema | undefined): boolean {
  if (!schema) return namesStream(preset, stream);
  return preset.detect.every((field) => {
    const path = parsePath(field);
    return typeof path !== 'string' && lookUp(schema, path).status === 'found';
  });
}

/** Whether a run takes people from the stream without being told to: the preset knows it, or the own rules make a whole user. */
export function holdsPeople(
  preset: Preset | undefined,
  stream: string,
  schema: JsonSchema,
  ownFields: unknown,
): boolean {
  if (preset) return namesStream(preset, stream) || fits(preset, stream, schema);
  return typeof ownFields === 'object' && ownFields !== null && 'employeeId' in ownFields;
}
