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
        const ordered = [...forms].sort((a, b) => b.length - a.length);
        pattern = new RegExp(ordered.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
        stale = false;
      }
      return value.replace(pattern, mask);
    },
  };
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

/** The forms a secret takes on its way into headers, URLs, JSON and error texts. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
  forms.push(JSON.stringify(JSON.stringify(secret)).slice(3, -3), bytes.toString('hex'));
  // Basic credentials hold `user:secret`: the secret's base64 then starts at one of three places within a group.
  for (let shift = 0; shift < 3; shift++) {
    const skip = shift === 0 ? 0 : shift + 1;
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString(encoding)
        .replace(/=+$/, '');
      const whole = Math.floor(((shift + bytes.length) * 8) / 6);
      const inner = text.slice(skip, whole);
      if (inner.length >= 6) forms.push(inner);
    }
  }
  return forms.filter((form) => form.length >= 4);
}
