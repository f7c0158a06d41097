/** What is done about a field that was changed in Together: the setting `on_drift`. */

import type { Ledger } from '../../state/ledger/ledger.ts';
import type { Compared } from './compare-list.ts';

export interface OnDrift {
  /** Fields, or `*` for all others. */
  readonly resend: readonly string[];
  readonly leave: readonly string[];
}

export const ruleOf = ({ resend, leave }: OnDrift, field: string): 'report' | 'resend' | 'leave' => {
  if (leave.includes(field)) return 'leave';
  return resend.includes(field) || resend.includes('*') ? 'resend' : 'report';
};

/** What the plan needs to know of one person. */
export interface Drift {
  /** A field of theirs is to be sent again. */
  readonly resends: boolean;
  /** First letter of the status that a person gave them in Together. */
  readonly status: string | undefined;
  /** Fields that stay as a person has changed them. */
  readonly left: readonly string[];
}

/** undefined: there is no list that can be understood, or it says what was accepted. */
export type AskDrift = () => Promise<DriftOf | undefined>;
export type DriftOf = (employeeId: string) => Drift | undefined;

export const driftOf =
  (compared: Compared, ledger: Pick<Ledger, 'find'>, onDrift: OnDrift): DriftOf =>
  (id) => {
    const found = ledger.find(id);
    const listed = found && compared.of(found);
    if (!listed || listed.fields.length === 0) return undefined;
    return {
      resends: listed.fields.some((field) => ruleOf(onDrift, field) === 'resend'),
      status: listed.fields.includes('employeeStatusCode') ? listed.status : undefined,
      left: listed.fields.filter((field) => ruleOf(onDrift, field) === 'leave'),
    };
  };
