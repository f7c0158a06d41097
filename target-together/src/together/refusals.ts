/** Statuses by which a person is refused. UNVERIFIED: 422 is not documented; servers use it like 400, and a refusal loses nobody. */
const refusals: Readonly<Record<number, string>> = {
  400: 'required information is missing or wrong',
  409: "the account was modified permanently on Together's side and can't be updated",
  410: "the account was deleted in Together and can't be added again",
  422: 'the information was not accepted',
};

export function isRefusal(status: number): boolean {
  return status in refusals;
}

/** Why a person was refused: the status in words and the Together fields that the answer names, never its own text. */
export function refusalReason(status: number, fields: readonly string[] = []): string {
  const named = fields.length > 0 ? ` (it names ${fields.join(', ')})` : '';
  return `HTTP ${status}: ${refusals[status] ?? 'refused'}${named}`;
}
