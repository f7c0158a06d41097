/** Which preset fits: by setting, by Meltano's name for the tap, or by what the SCHEMA has. The reason is for the log. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { parsePath } from '../paths/path.ts';
import { lookUp } from '../paths/schema-path.ts';
import { otherRows } from './other-rows.ts';
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
    said`mapping.preset ${show(setting)} is none of ${names.join(', ')}, none${didYouMean(setting, names)}.`,
  );
}

/** The preset for one stream; `undefined` with the reason when none fits. */
export function choosePreset(options: ChooseOptions): Choice {
  checkPresetName(options.setting);
  if (options.setting === 'none') return { preset: undefined, reason: 'no preset: mapping.preset is none' };
  if (options.setting !== undefined)
    return { preset: presetByName(options.setting), reason: `preset ${options.setting}: set by mapping.preset` };
  const byName = presetOfNamespace(options.extractorNamespace);
  if (byName) return { preset: byName, reason: `preset ${byName.name}: Meltano runs ${options.extractorNamespace}` };
  return chooseByShape(options.stream, options.schema);
}

/** By what the SCHEMA has: all that the people of a preset have, and something that only its HRIS has. */
function chooseByShape(stream: string, schema: JsonSchema | undefined): Choice {
  const none = (why: string): Choice => ({ preset: undefined, reason: `no preset: ${why}` });
  const others = otherRows(stream, schema);
  if (others !== undefined)
    return none(`${others}; if they are employees all the same, set mapping.stream and mapping.preset`);
  const alike = presets.filter((preset) => looksLike(preset, stream, schema));
  const proven = alike.flatMap((preset) => {
    const evidence = evidenceFor(preset, stream, schema);
    return evidence === undefined ? [] : [{ preset, evidence }];
  });
  const named = proven.filter(({ preset }) => streamRank(preset, stream) !== undefined);
  const best = named.length > 0 ? named : proven;
  const [first] = best;
  const names = (list: readonly Preset[]) => list.map(({ name }) => name).join(' and ');
  if (first && best.length === 1) {
    const { preset, evidence } = first;
    return {
      preset,
      reason: `preset ${preset.name}: stream ${show(stream)} has ${preset.detect.join(', ')}; ${evidence} is its own`,
    };
  }
  if (first) return none(`stream ${show(stream)} fits ${names(best.map(({ preset }) => preset))}; set mapping.preset`);
  if (alike.length > 0)
    return none(
      `stream ${show(stream)} has what ${names(alike)} needs, but nothing that only that system has; if it is one, set mapping.preset`,
    );
  return { preset: undefined, reason: `no preset fits stream ${show(stream)}` };
}

/** Variants and inherited plugins keep the tap's name somewhere: `autoidm_tap_bamboohr`, `tap_bamboohr__prod`. */
/** The preset for the tap that Meltano runs. */
export const presetOfNamespace = (namespace: string | undefined): Preset | undefined =>
  presets.find((preset) => namespace !== undefined && isNamespace(preset, namespace));

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

const has = (schema: JsonSchema, field: string, asWritten = false): boolean => {
  const path = parsePath(field);
  const looked = typeof path === 'string' ? undefined : lookUp(schema, path);
  if (typeof path === 'string' || looked?.status !== 'found') return false;
  return !asWritten || JSON.stringify(looked.path.steps) === JSON.stringify(path.steps);
};

/** Whether the stream has everything that this preset's people have. */
const looksLike = (preset: Preset, stream: string, schema: JsonSchema | undefined): boolean =>
  schema ? preset.detect.every((field) => has(schema, field)) : streamRank(preset, stream) !== undefined;

/** What only this HRIS has, of what is there. */
function evidenceFor(preset: Preset, stream: string, schema: JsonSchema | undefined): string | undefined {
  const { own_streams = [], own_fields = [], own_spellings = [] } = preset;
  if (own_streams.some((name) => sameName(name, stream))) return `the stream's name`;
  if (!schema) return undefined;
  return own_fields.find((field) => has(schema, field)) ?? own_spellings.find((field) => has(schema, field, true));
}

/**
 * Whether a run takes people from the stream without a setting that names it: the preset knows it, or the own rules make a whole user.
 * `why` is for the log.
 */
export function holdsPeople(
  preset: Preset | undefined,
  stream: string,
  schema: JsonSchema,
  ownFields: unknown,
): { readonly holds: boolean; readonly why?: string } {
  const others = otherRows(stream, schema);
  if (others !== undefined)
    return { holds: false, why: `${others}; if they are employees all the same, set mapping.stream` };
  if (preset) {
    const holds = streamRank(preset, stream) !== undefined || looksLike(preset, stream, schema);
    return holds ? { holds } : { holds, why: `it holds no people that preset ${preset.name} knows` };
  }
  return { holds: typeof ownFields === 'object' && ownFields !== null && 'employeeId' in ownFields };
}
