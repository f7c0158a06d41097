/** A row of a page, as UKG sent it. */
export type Row = Record<string, unknown>;
