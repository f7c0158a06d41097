/** A text in lines of at most 80 columns: the first one `first` columns in, the others `rest`. Longer words stay whole. */
export function wrapped(text: string, first = 0, rest = 2, width = 80): string {
  const lines: string[] = [];
  let line = ' '.repeat(first);
  let empty = true;
  for (const part of text.split(/(?<=\S)(?=\s)|(?<=\s)(?=\S)/)) {
    if (!empty && line.length + part.length > width && part.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(rest);
    }
    line += part;
    empty = false;
  }
  return [...lines, line.trimEnd()].join('\n');
}
