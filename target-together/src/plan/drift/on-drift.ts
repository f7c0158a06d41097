/** What is done about a field that was changed in Together: the setting `on_drift`. */

export interface OnDrift {
  /** Fields, or `*` for all others. */
  readonly resend: readonly string[];
  readonly leave: readonly string[];
}

export const ruleOf = ({ resend, leave }: OnDrift, field: string): 'report' | 'resend' | 'leave' => {
  if (leave.includes(field)) return 'leave';
  return resend.includes(field) || resend.includes('*') ? 'resend' : 'report';
};
