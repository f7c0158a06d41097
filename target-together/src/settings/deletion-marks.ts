/** Columns in which taps and loaders mark rows that their source has deleted. */
export const deletionMarks: readonly string[] = [
  '_sdc_deleted_at',
  '_sdc_lsn_deleted_at',
  '_ab_cdc_deleted_at',
  '_fivetran_deleted',
  '__deleted',
  '_hevo__marked_deleted',
];

/** The same of one source each: `deleted_when` must name them. */
const ofOneSource: ReadonlySet<string> = new Set(['remote_was_deleted']);

const marks: ReadonlySet<string> = new Set(deletionMarks);

export const isDeletionMark = (name: string): boolean => isReadMark(name) || ofOneSource.has(name.toLowerCase());

/** Whether `deleted_when` names it where the settings do not say anything else. */
export const isReadMark = (name: string): boolean => marks.has(name.toLowerCase());

/** Columns that loaders add to every table: they say nothing of a person. */
export const isLoaderColumn = (name: string): boolean =>
  isDeletionMark(name) || /^_+(sdc|airbyte|ab|fivetran|hevo|dlt|dbt|stitch|meltano|rivery)_/i.test(name);
