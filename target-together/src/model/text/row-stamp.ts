const stamp = '"lastUpdated":"';

/** A row's time of change says nothing of the person: UKG stamps every row on payday. It travels with the next change or resend. */
export function withoutStamp(json: string): string {
  // It stands once, and among the last fields.
  const from = json.lastIndexOf(stamp);
  if (from < 1) return json;
  const end = json.indexOf('"', from + stamp.length) + 1;
  // With the comma before it: employeeId always comes first.
  return json.slice(0, from - 1) + json.slice(end);
}
