/** The setting leaver_email: the address that a leaver gets with the end; undefined: leavers keep theirs. */
export type LeaverEmail = (user: { readonly employeeId: string }) => string;

/** An id may hold what an address can't. */
export const leaverEmail = (template: string | null): LeaverEmail | undefined =>
  template === null
    ? undefined
    : ({ employeeId }) => template.replace('{employeeId}', () => employeeId.replace(/[^A-Za-z0-9._-]/g, '-'));
