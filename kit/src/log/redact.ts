/** Masks secrets by value wherever they turn up in a finished text: a message, a stack, a nested field, an encoded header. */
export interface Redactor {
  /** From now on `secret` is masked. Shorter than four characters is ignored: it would mask half of every line. */
  add(secret: string): void;
  text(value: string): string;
}

const mask = '***';

export function createRedactor(secrets: Iterable<string> = []): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  let stale = false;
  const redactor: Redactor = {
    add(secret) {
      if (secret.length < 4) return;
      for (const form of spellings(secret)) forms.add(form);
      stale = true;
    },
    text(value) {
      if (forms.size === 0) return value;
      if (stale || pattern === undefined) {
        // Longest first: a secret that contains another one is masked whole.
        pattern = new RegExp([...forms].sort((a, b) => b.length - a.length).join('|'), 'g');
        stale = false;
      }
      return value.replace(pattern, mask);
    },
  };
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

/** Patterns for the forms that a secret takes on its way into headers, URLs, JSON and error texts. */
function spellings(secret: string): string[] {
  const text = Buffer.from(secret).toString(); // Without lone surrogates, which no URL can hold.
  const bytes = Buffer.from(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const patterns = [inText(secret), inUrl(encodeURIComponent(text)), inUrl(form), bytes.toString('hex')];
  // Basic credentials hold `user:secret`: the secret's base64 then starts at one of three places within a group.
  for (let shift = 0; shift < 3; shift++) {
    const first = shift === 0 ? 0 : shift + 1;
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    for (const encoding of ['base64', 'base64url'] as const) {
      const inner = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString(encoding)
        .slice(first, end);
      if (inner.length >= 6) patterns.push(quote(inner));
    }
  }
  return patterns;
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** As it is, or inside JSON inside JSON …: quotes behind any number of backslashes, letters as \u escapes. */
function inText(secret: string): string {
  return secret.replace(/\\+|["/]|\p{Cc}|[^\u0020-\u007e]|[^\\"/]/gsu, (part) => {
    if (part.startsWith('\\')) return '\\\\+';
    if (part === '"' || part === '/') return `\\\\*${part}`;
    if (part >= ' ' && part <= '~') return quote(part);
    const short = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' }[part];
    const units = Array.from({ length: part.length }, (_, i) => part.charCodeAt(i).toString(16).padStart(4, '0'));
    const escaped = units.map((unit) => `\\\\+u${anyCase(unit)}`).join('');
    return `(?:${part}|${escaped}${short === undefined ? '' : `|\\\\+${short}`})`;
  });
}

function inUrl(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}|[^%]/g, (part) =>
    part.length === 3 ? `%${anyCase(part.slice(1))}` : quote(part),
  );
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}
