/**
 * The web services of UKG Pro's Service Account Administration: only View is ever needed.
 * Source: UKG's OpenAPI (the `permission` of each operation) and the guides of integrators for the screen's spelling.
 */
export type Right =
  | 'person'
  | 'personnel'
  | 'configuration'
  | 'changes'
  | 'history'
  | 'compensation'
  | 'pto'
  | 'payroll'
  | 'deposit'
  | 'statements'
  | 'any'
  | 'own';

export const rightNames: Record<Right, string> = {
  person: 'Employee Person Details',
  personnel: 'Personnel Integration',
  configuration: 'Company Configuration Integration',
  // The OpenAPI spells it in one word; UNVERIFIED: one vendor's guide shows "Employee Export" on the screen.
  changes: 'EmployeeExport',
  history: 'Employee Job History Details',
  compensation: 'Employee Compensation Details',
  pto: 'PTO Plan Integration',
  payroll: 'Payroll Integration',
  deposit: 'Employee Direct Deposit',
  // UNVERIFIED: the OpenAPI says "Employee Pay Statements", the guides' screens "Employee Pay Statement".
  statements: 'Employee Pay Statement',
  any: 'none (any valid service account)',
  own: 'the one that UKG names for this endpoint',
};

/** The right's name on UKG's screen; for an endpoint of the user's own as the settings say. */
export const rightName = (stream: { readonly right: Right; readonly ownRight?: string }): string =>
  stream.ownRight ?? rightNames[stream.right];

export const whereToClick =
  'In UKG Pro: System Configuration > Security > Service Account Administration, open the service account, and under Web Service tick View for';
