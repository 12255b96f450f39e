import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { fences } from '../examples/fences.js';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const pages = [
  ...['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md'],
  ...['adr', 'docs'].flatMap((folder) => pagesIn(folder)),
];

/** Pictures lie beside pages, in folders of their own. */
function pagesIn(folder: string): string[] {
  const names = readdirSync(join(project, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => `${folder}/${name}`);
}

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

/** Names of source files, without their folders. */
const sources = new Set(
  ['lib', 'spec', 'bench']
    .flatMap((folder) => readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }))
    .map((path) => basename(path)),
);

/** Files and folders of the project that a page speaks of, by their path or by their name alone, and that are not there. */
function gone(page: string): string[] {
  const paths = Array.from(
    prose(page).matchAll(/`((?:lib|spec|bench|\.ci)\/[\w./-]+|\w[\w.-]*\.ts)`/g),
    ([, path = '']) => path,
  );
  return paths.filter((path) => (path.includes('/') ? !existsSync(join(project, path)) : !sources.has(path)));
}

describe('the documentation', () => {
  it('has no link that leads nowhere', () => {
    expect(pages.flatMap((page) => broken(page).map((link) => `${page}: ${link}`))).to.deep.equal([]);
    expect(pages.flatMap((page) => anchors(page))).to.include('what-is-not-seen');
  });

  it('speaks of no file that is not there', () => {
    expect(pages.flatMap((page) => gone(page).map((path) => `${page}: ${path}`))).to.deep.equal([]);
  });

  for (const folder of ['adr', 'docs']) {
    it(`has every page of ${folder} in its index`, () => {
      const index = prose(`${folder}/README.md`);
      const names = pages.filter((page) => page.startsWith(`${folder}/`)).map((page) => basename(page));
      expect(names.filter((name) => name !== 'README.md' && !index.includes(`](${name})`))).to.deep.equal([]);
    });
  }
});
