/** What is sent only when a person has said so by name. */

/**
 * Source fields that hold more than Together needs to know. A custom field that reads one of them counts as sensitive, so that a
 * mapping can't send in passing what a data protection officer would have asked about.
 */
const sensitiveSources =
  /^(date_?of_?birth|birth_?(date|day)|dob|gender|sex|ssn|social_?security_?(number|no)|previous_?ssn|national_?id|tax_?id|passport_?(number|no)|ethnic\w*|race|religion|nationality\d?|marital_?status(_?code)?|disability\w*|is_?disabled|military\w*|veteran\w*|health\w*|pregnan\w*|(annual|base|hourly|weekly|monthly)_?(salary|pay|rate|pay_?rate|wage)|salary|pay_?rate|salary_?or_?hourly|iban|bank_?account\w*|is_?smoker|date_?deceased|term(ination)?_?(reason\w*|type)|ok_?to_?rehire|(planned_?)?leave_?reason(_?code)?|home_?phone)$/i;

/** Whether the last named part of a path is such a field. */
export function readsSensitive(path: string): boolean {
  const names = path.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const last = names.at(-1) ?? '';
  // HiBob, Personio and others wrap values: the name before counts.
  return sensitiveSources.test(last === 'value' ? (names.at(-2) ?? '') : last);
}

/** `gender`, `hrisFields.grade` or `grade`: how a field may be listed in `sensitive_fields`. */
export function isListed(field: string, listed: readonly string[]): boolean {
  return (
    listed.includes(field) || (field.startsWith('hrisFields.') && listed.includes(field.slice('hrisFields.'.length)))
  );
}
