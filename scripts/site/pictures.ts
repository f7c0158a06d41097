/** Pictures for the site from the demo and its sandbox: terminal and wizard as SVG, the report as PNG. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openChromium } from '../../test/browser/chromium.ts';
import { wizardScreen } from './wizard.ts';

/** The pictures that pages can ask for, and their files. */
export const pictures = { terminal: 'terminal.svg', report: 'report.png', wizard: 'wizard.svg' };

const asText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Lines of a terminal as a picture that scales; both themes can show it. */
export function terminalSvg(text: string): string {
  const lines = text.trimEnd().split('\n');
  const width = Math.max(...lines.map((line) => line.length)) * 8.43 + 32;
  const rows = lines.map((line, i) => `<text x="16" y="${28 + i * 20}" xml:space="preserve">${asText(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.ceil(width)} ${lines.length * 20 + 24}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#e6edf3"><rect width="100%" height="100%" rx="8" fill="#161b22"/>${rows.join('')}</svg>\n`;
}

/** What the second night of the demo printed, from its command to the end of its summary. */
export function secondNight(output: string): string {
  const from = output.indexOf('\n3. ');
  const to = output.indexOf('\nAudit', from);
  if (from < 0 || to < 0) throw new Error('The demo no longer prints a third step that ends with Audit');
  return output.slice(from + 1, to).replaceAll('demo-output/', '');
}

/** Runs the demo and the wizard, and writes the pictures into `folder`, each below 200 kB. */
export async function makePictures(root: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const output = execFileSync('bash', ['-c', 'npm run --silent demo 2>&1'], { cwd: root, encoding: 'utf8' });
  writeFileSync(join(folder, pictures.terminal), terminalSvg(secondNight(output)));
  writeFileSync(join(folder, pictures.wizard), terminalSvg(await wizardScreen(root)));
  const browser = await openChromium({ viewport: { width: 1100, height: 900 } });
  try {
    const page = await browser.context.newPage();
    await page.goto(pathToFileURL(join(root, 'demo-output/report-2.html')).href);
    await page.screenshot({ path: join(folder, pictures.report) });
  } finally {
    await browser.close();
  }
  for (const file of Object.values(pictures)) {
    const { size } = statSync(join(folder, file));
    if (size > 200_000) throw new Error(`The picture ${file} has ${size} bytes, more than 200,000`);
  }
}
