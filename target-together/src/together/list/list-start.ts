/** Where the list of users begins in an object around it, and what the object says beside the list. */

// UNVERIFIED: the guide says "list all" and shows no answer. These are the keys that such lists usually stand under.
const listKeys =
  /^(users|data|results|items|records|employees|people|members|content|values?|list|entries|rows|resources|docs)$/i;

/** Deeper than any envelope: {"response":{"data":{"items":[ … */
const deepest = 4;

const blank = /\s*/y;
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+(?=[\s"{}[\]:,])/y;

/** `head`: the beginning of an object. The offset of the list's bracket; undefined: it is not there yet. */
export function listStart(head: string): number | undefined {
  const open: string[] = [];
  let key = '';
  let last = '';
  blank.lastIndex = 0;
  for (let at = 0; ; ) {
    blank.lastIndex = at;
    blank.test(head);
    token.lastIndex = blank.lastIndex;
    const found = token.exec(head)?.[0];
    if (found === undefined) return undefined;
    const from = blank.lastIndex;
    at = token.lastIndex;
    if (found === ':') key = last;
    else if (found === '{') open.push(found);
    else if (found === '[') {
      const isInside = open.length <= deepest && open.every((one) => one === '{');
      if (isInside && listKeys.test(key)) return from;
      open.push(found);
    } else if (found === '}' || found === ']') open.pop();
    last = found.startsWith('"') ? found.slice(1, -1) : '';
  }
}

/** What stands around the list; undefined: that is no JSON. */
export function aroundList(head: string, behind: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(`${head}[]${behind}`) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
