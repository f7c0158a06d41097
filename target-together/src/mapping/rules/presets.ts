/** The presets: mappings as data, one file for each HRIS in `presets/`, of the same form as the `mapping` setting. */
import adp from '../../../presets/adp.json' with { type: 'json' };
import bamboohr from '../../../presets/bamboohr.json' with { type: 'json' };
import dayforce from '../../../presets/dayforce.json' with { type: 'json' };
import hibob from '../../../presets/hibob.json' with { type: 'json' };
import paylocity from '../../../presets/paylocity.json' with { type: 'json' };
import personio from '../../../presets/personio.json' with { type: 'json' };
import ukgPro from '../../../presets/ukg-pro.json' with { type: 'json' };
import ukgReady from '../../../presets/ukg-ready.json' with { type: 'json' };
import workdayReport from '../../../presets/workday-report.json' with { type: 'json' };
import zenefits from '../../../presets/zenefits.json' with { type: 'json' };

export interface Preset {
  readonly name: string;
  readonly title: string;
  /** Meltano's namespaces of the taps it fits. */
  readonly namespaces: readonly string[];
  /** Names of the streams it fits, the best first. */
  readonly streams: readonly string[];
  /** Source fields that its people have. Without one of the three below, they are no evidence: many systems have them. */
  readonly detect: readonly string[];
  /** Evidence: streams that only this HRIS has. */
  readonly own_streams?: readonly string[];
  /** Evidence: fields that only this HRIS has, in whatever case of letters. */
  readonly own_fields?: readonly string[];
  /** Evidence: fields that only this HRIS spells so, letter by letter. */
  readonly own_spellings?: readonly string[];
  /** Those of them that hold active people only: where such a stream says no status, it is A. */
  readonly active_streams?: readonly string[];
  /** When all events of `rehearse` ended as they should with it, and with which version: `npm run rehearse` writes it. */
  readonly rehearsed: { readonly on: string; readonly version: string };
  /** What its users should know. */
  readonly notes: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

export const presets: readonly Preset[] = [
  ukgPro,
  bamboohr,
  hibob,
  adp,
  personio,
  dayforce,
  paylocity,
  zenefits,
  ukgReady,
  workdayReport,
];

export const presetByName = (name: string): Preset | undefined => presets.find((preset) => preset.name === name);
