import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { fences } from '../examples/fences.js';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)];

/** The text of a page without its blocks of code, in which brackets are no links. */
function prose(page: string): string {
  const text = readFileSync(join(project, page), 'utf8');
  const lines = text.split('\n');
  for (const { line, content } of fences(text)) lines.fill('', line - 2, line + content.length);
  return lines.join('\n').replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]]/g, ' '));
}

/** What GitHub makes of the headings of a page. */
function anchors(page: string): string[] {
  return Array.from(prose(page).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links of a page that lead nowhere. Those to other sites are not followed. */
function broken(page: string): string[] {
  const links = Array.from(prose(page).matchAll(/\]\((?<target>[^)\s]+)\)/g), ([, target = '']) => target);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? join(project, page) : resolve(project, dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !(statSync(file).isFile() && anchors(file.slice(project.length)).includes(anchor));
  });
}

describe('the documentation', () => {
  it('has no link that leads nowhere', () => {
    expect(pages.flatMap((page) => broken(page).map((link) => `${page}: ${link}`))).to.deep.equal([]);
    expect(pages.flatMap((page) => anchors(page))).to.include('what-is-not-seen');
  });

  it('has every page in its index', () => {
    const index = prose('docs/README.md');
    const missing = pages.filter(
      (page) => page.startsWith('docs/') && page !== 'docs/README.md' && !index.includes(`](${page.slice(5)})`),
    );
    expect(missing).to.deep.equal([]);
  });
});
