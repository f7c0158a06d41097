/** Markup that is safe by construction: whatever is put into a template is escaped unless it is markup already. */
export interface Markup {
  readonly markup: string;
}
type Value = string | number | Markup | readonly Markup[] | undefined | false | null;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] as string);

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
export const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003C');

/** A part of the page with its heading, reachable by its id. */
export const section = (id: string, title: string, lead: Markup | string, body: Markup | readonly Markup[]): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-h">
<h2 id="${id}-h">${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>
`;
