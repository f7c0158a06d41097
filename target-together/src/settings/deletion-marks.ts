/** Columns in which taps and loaders mark rows that their source has deleted. */
export const deletionMarks: readonly string[] = [
  '_sdc_deleted_at',
  '_sdc_lsn_deleted_at',
  '_ab_cdc_deleted_at',
  '_fivetran_deleted',
  '__deleted',
  '_hevo__marked_deleted',
];

const marks: ReadonlySet<string> = new Set(deletionMarks);

export const isDeletionMark = (name: string): boolean => marks.has(name.toLowerCase());

/** Columns that loaders add to every table: they say nothing of a person. */
export const isLoaderColumn = (name: string): boolean =>
  isDeletionMark(name) || /^_+(sdc|airbyte|ab|fivetran|hevo|dlt|dbt|stitch|meltano|rivery)_/i.test(name);
