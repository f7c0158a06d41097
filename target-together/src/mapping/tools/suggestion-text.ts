import { pathOf, type Suggestion } from './suggest.ts';

export function renderSuggestion(suggestion: Suggestion): string {
  if (suggestion.stream === undefined)
    return 'No stream of this catalog looks like people: none has a field like an employee id or an e-mail address.\n';
  const width = Math.max(0, ...[...suggestion.covered, ...suggestion.fields].map(({ field }) => field.length));
  const lines = [
    `Stream ${suggestion.stream} (${suggestion.reason})`,
    ...suggestion.covered.map(({ field, sources }) => `  ${field.padEnd(width)}  <- ${sources.join(', else ')}`),
    ...(suggestion.preset && suggestion.fields.length > 0 ? ['Beyond the preset:'] : []),
    ...suggestion.fields.map(
      ({ field, rule, confidence, reason }) =>
        `  ${field.padEnd(width)}  <- ${pathOf(rule)}  (${confidence}: ${reason})`,
    ),
    ...suggestion.missing.map((field) => `  ${field}  <- ?  (Together requires it, and no field looks like it)`),
    ...(suggestion.custom.length > 0 ? [`Perhaps worth a custom field: ${suggestion.custom.join(', ')}`] : []),
    ...suggestion.deletionMarks.map(
      (mark) =>
        `${mark} marks rows that were deleted at the source: it is no field of a person (setting deleted_when).`,
    ),
    '',
    'As settings:',
    JSON.stringify(suggestion.settings, null, 2),
    '',
    'Look at employeeId and supervisorId: both must come from the same kind of id.',
  ];
  return `${lines.join('\n')}\n`;
}
