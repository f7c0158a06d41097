/** The Link header (RFC 8288), as far as paging needs it. */

export interface Links {
  /** Relations that were named, lower case. */
  readonly rels: ReadonlySet<string>;
  /** Target of rel="next", as written. */
  readonly next: string | undefined;
  /** Target of rel="last", as written. */
  readonly last: string | undefined;
}

/** Undefined when there is no Link header, or none that says anything of paging. */
export function parseLink(header: string | undefined): Links | undefined {
  if (header === undefined) return undefined;
  const rels = new Set<string>();
  let next: string | undefined;
  let last: string | undefined;
  // A comma may stand inside <…>, so targets are looked for, not split off.
  for (const match of header.slice(0, 16_384).matchAll(/<([^<>]*)>([^<]*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(match[2] as string);
    for (const name of (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/)) {
      if (name === '') continue;
      rels.add(name);
      if (name === 'next') next ??= match[1];
      if (name === 'last') last ??= match[1];
    }
  }
  return rels.size === 0 ? undefined : { rels, next, last };
}
