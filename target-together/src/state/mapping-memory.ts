/** What decided what was sent, as one run leaves it to the next: so that a changed mapping is distinguished from a changed source. Plain JSON. */

export interface MappingMemory {
  /** Streams that a mapping took. */
  readonly streams: readonly string[];
  /** Together fields that were mapped from a source, with the hash of their rule. */
  readonly fields: Readonly<Record<string, string>>;
  /** Hashes of the other settings that decide what is sent, by name. */
  readonly settings: Readonly<Record<string, string>>;
}

/** "title added", "filters changed": what differs from the last run. Empty: nothing, or one of the two mapped no stream. */
export function mappingChanges(before: MappingMemory | undefined, now: MappingMemory | undefined): string[] {
  if (!before || !now || now.streams.length === 0) return [];
  return [...differences(before.fields, now.fields), ...differences(before.settings, now.settings)];
}

/** As a clause; null: nothing changed. */
export function mappingClause(changes: readonly string[]): string | null {
  if (changes.length === 0) return null;
  const more = changes.length > 5 ? ` and ${changes.length - 5} more` : '';
  return `your mapping changed: ${changes.slice(0, 5).join(', ')}${more}`;
}

/** Changes that are not read for everybody yet, after a run; empty after a complete read. */
export const stillDue = (due: readonly string[], changes: readonly string[], complete: boolean): string[] =>
  complete ? [] : [...new Set([...due, ...changes])];

function differences(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    return `${name} ${before[name] === undefined ? 'added' : now[name] === undefined ? 'removed' : 'changed'}`;
  });
}
