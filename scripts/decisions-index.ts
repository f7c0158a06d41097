/** The table of docs/decisions/README.md, from what each record says of itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const head = /^# (.+)\n\nStatus: (accepted|superseded by \d+), (\d{4}-\d{2}-\d{2})(?: \(.+\))?\n\n/;

/** Throws where a record does not begin with its title, status and date, or a number is missing. */
export function decisionsTable(folder: string): string {
  const records = readdirSync(folder).filter((name) => /^\d{4}-[a-z0-9-]+\.md$/.test(name));
  const rows = records.sort().map((name, index) => {
    const [, title, status, date] = head.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
    if (title === undefined)
      throw new Error(`${name} must begin with "# Title", then "Status: accepted, YYYY-MM-DD" (or superseded by N)`);
    const number = Number(name.slice(0, 4));
    if (number !== index + 1) throw new Error(`${name}: the next number is ${index + 1}`);
    return `| ${number} | [${title}](${name}) | ${status} | ${date} |`;
  });
  return ['| | decision | status | date |', '|--:|---|---|---|', ...rows].join('\n');
}
