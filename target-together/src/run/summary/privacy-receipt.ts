/** The privacy receipt: which fields of how many people left. */

import type { RunSummary } from '../../model/run-summary.ts';
import { fieldOf } from '../../model/user-fields.ts';

export interface PrivacyCounter {
  /** A body with these fields was (or would be) sent. Many people share one list, so that counting one more costs little. */
  add(fields: readonly string[]): void;
  result(sent: boolean): RunSummary['privacy'];
}

export function privacyCounter(sensitiveFields: readonly string[]): PrivacyCounter {
  const lists = new Map<readonly string[], number>();
  return {
    add: (fields) => void lists.set(fields, (lists.get(fields) ?? 0) + 1),
    result(sent) {
      const fields = new Map<string, number>();
      let people = 0;
      for (const [names, count] of lists) {
        people += count;
        for (const name of names) fields.set(name, (fields.get(name) ?? 0) + count);
      }
      return {
        sent: sent && people > 0,
        people,
        fields: [...fields].map(([field, count]) => ({
          field,
          people: count,
          sensitive: sensitiveFields.includes(field) || fieldOf(field)?.sensitive === true,
        })),
      };
    },
  };
}
