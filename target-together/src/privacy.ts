/** The privacy receipt: which fields of how many people left. */
import type { RunSummary } from './report/model.ts';
import { fieldOf } from './user.ts';

export interface PrivacyCounter {
  /** A body that was (or would be) sent. */
  add(json: string): void;
  result(sent: boolean): RunSummary['privacy'];
}

export function privacyCounter(sensitiveFields: readonly string[]): PrivacyCounter {
  const fields = new Map<string, number>();
  let people = 0;
  return {
    add(json) {
      people++;
      for (const field in JSON.parse(json) as Record<string, unknown>) fields.set(field, (fields.get(field) ?? 0) + 1);
    },
    result: (sent) => ({
      sent: sent && people > 0,
      people,
      fields: [...fields].map(([field, count]) => ({
        field,
        people: count,
        sensitive: sensitiveFields.includes(field) || fieldOf(field)?.sensitive === true,
      })),
    }),
  };
}
