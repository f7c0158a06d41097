/** Markup that is safe by construction: whatever is put into a template is escaped unless it is markup already. */
import { isObject } from '@ukg-together/kit/lines/json';
import { visible } from '@ukg-together/kit/text/visible';

export interface Markup {
  readonly markup: string;
}
type Value = string | number | Markup | readonly Markup[] | undefined | false | null;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that turn text around are shown by their number, as on a terminal: no name makes its neighbours read otherwise. */
export const escapeText = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (sign) => entities[sign] as string);

function render(value: Value): string {
  if (value === undefined || value === false || value === null) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map((item) => item.markup).join('');
}

export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  let markup = strings[0] ?? '';
  for (let i = 0; i < values.length; i++) markup += render(values[i]) + (strings[i + 1] ?? '');
  return { markup };
}

export const nothing: Markup = { markup: '' };

/** JSON that can stand in a script element: no `<`, so neither its end nor a comment can be in it. */
export const scriptJson = (value: unknown): string => JSON.stringify(value, shown).replace(/</g, '\\u003C');

/** What the script shows reads as what the page shows. */
function shown(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [visible(name), of]));
}

/** A part of the page with its heading, reachable by its id. */
export const section = (id: string, title: string, lead: Markup | string, body: Markup | readonly Markup[]): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-h">
<h2 id="${id}-h">${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>
`;
