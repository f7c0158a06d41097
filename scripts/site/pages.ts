/** docs/ as the site's generator reads it: an index for each folder, links out of docs/ to the repository, pictures in their places. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { repositoryUrl } from '@ukg-together/kit/error';

const repository = `${repositoryUrl}/blob/main`;

/** A link of a page of docs/, as it is on the site. `page` from docs/. */
export function siteLink(page: string, target: string): string {
  if (/^([a-z]+:|#)/.test(target)) return target;
  const [path = '', anchor] = target.split('#');
  const file = posix.join('docs', posix.dirname(page), path);
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (/^docs\/.*\.svg$/.test(file)) return file.replace('docs', '');
  if (!file.startsWith('docs/') || !/(\.md|\/)$/.test(file)) return `${repository}/${file.replace(/\/$/, '')}${hash}`;
  return target.replace(/README\.md/, 'index.md');
}

/** Text outside code through `change`, code as it is. */
const outsideCode = (text: string, change: (prose: string) => string) =>
  text
    .split(/(^```[\s\S]*?^```|`[^`\n]*`)/m)
    .map((part, i) => (i % 2 === 1 ? part : change(part)))
    .join('');

export function sitePage(page: string, text: string, pictures: Readonly<Record<string, string>>): string {
  const shown = text
    .replace(/<!-- picture:(\S+) (.*?) -->/g, (_all, name: string, alt: string) => {
      const file = pictures[name];
      if (file === undefined)
        throw new Error(`docs/${page} asks for the picture ${name}, which scripts/site/pictures.ts does not make`);
      return `![${alt}](/${file})`;
    })
    .replace(/^```mermaid$/gm, '```text');
  // A link may have code as its text, so links are found in the whole text, and words in angle brackets outside code.
  const linked = shown.replace(/\]\(([^()\s]+)\)/g, (all, target: string) =>
    target.startsWith('/') ? all : `](${siteLink(page, target)})`,
  );
  // Decisions and exports are for those who change the code: the search leaves them out.
  const head = /^(decisions|api)\//.test(page) ? '---\nsearch: false\n---\n\n' : '';
  return (
    head +
    outsideCode(linked, (prose) =>
      prose.replace(/<(?!!--|\/?br\b|a id=|\/a>)/g, '&lt;').replaceAll('{{', '&#123;&#123;'),
    )
  );
}

/** Writes the pages into `to`. `pictures`: name → file in the site's public folder. */
export function stagePages(docs: string, to: string, pictures: Readonly<Record<string, string>>, from: string): void {
  rmSync(to, { recursive: true, force: true });
  for (const page of readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'))) {
    const file = join(to, page.replace(/README\.md$/, 'index.md'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, sitePage(page.replaceAll('\\', '/'), readFileSync(join(docs, page), 'utf8'), pictures));
  }
  cpSync(from, join(to, 'public'), { recursive: true });
  for (const picture of readdirSync(docs).filter((path) => path.endsWith('.svg')))
    cpSync(join(docs, picture), join(to, 'public', picture));
}
