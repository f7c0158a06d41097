/**
 * Which of a person's employments counts. UKG keeps one for each company that a person works or has worked for; all of
 * them may be active at once, and an old one stays terminated after a transfer.
 */

export interface Employment {
  readonly companyId: string | null;
  readonly employeeStatusCode: string | null;
  /** YYYY-MM-DD. */
  readonly lastHireDate: string | null;
  readonly originalHireDate: string | null;
}

export const employmentReasons = ['only_employment', 'status', 'home_company', 'latest_hire', 'company_id'] as const;
/** The rule that decided, i.e. the first one in which the employment that counts was ahead of all others. */
export type EmploymentReason = (typeof employmentReasons)[number];

/**
 * Active (A) and on strike (O) before on leave (L) and suspended (S), before a code that nobody knows, before
 * released (R) and terminated (T). Source of the codes: UKG's SOAP documentation, confirmed in captured answers.
 */
export function statusRank(code: string | null): number {
  switch (code ?? '') {
    case 'A':
    case 'O':
      return 0;
    case 'L':
    case 'S':
      return 1;
    case 'R':
    case 'T':
      return 3;
    default:
      return 2;
  }
}

/**
 * The employment that counts: by status (see `statusRank`), then the home company's, then the latest hire, then the
 * lowest company id. Does not depend on the order of `employments`, which must not be empty.
 */
export function chooseEmployment<T extends Employment>(
  employments: readonly T[],
  homeCompanyId: string | null,
): { employment: T; reason: EmploymentReason } {
  if (employments.length === 1) return { employment: employments[0] as T, reason: 'only_employment' };
  let left = employments;
  const rules: readonly [EmploymentReason, (one: T) => string | number][] = [
    ['status', (one) => -statusRank(one.employeeStatusCode)],
    ['home_company', (one) => (homeCompanyId !== null && one.companyId === homeCompanyId ? 1 : 0)],
    ['latest_hire', (one) => one.lastHireDate ?? one.originalHireDate ?? ''],
  ];
  for (const [reason, rank] of rules) {
    // Dates are compared as text, which Math.max would turn into NaN.
    const best = left.map(rank).reduce((a, b) => (a >= b ? a : b));
    left = left.filter((one) => rank(one) === best);
    if (left.length === 1) return { employment: left[0] as T, reason };
  }
  const employment = left.reduce((a, b) => ((a.companyId ?? '') <= (b.companyId ?? '') ? a : b));
  return { employment, reason: 'company_id' };
}

/** Whether knowing the home company could change which employment counts. */
export function decidedByHome(own: readonly Employment[]): boolean {
  return own.length > 1 && ['latest_hire', 'company_id'].includes(chooseEmployment(own, null).reason);
}
