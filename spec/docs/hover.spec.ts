import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import type typescript from 'typescript';

const ts = createRequire(import.meta.url)('typescript') as typeof typescript;
const root = resolve(import.meta.dirname, '../../..');
const lib = join(root, 'lib');

/** Block tags that editors and TypeDoc know. */
const TAGS = 'module deprecated param returns throws typeParam defaultValue example internal see'.split(' ');

/** Every tag of every comment in a file, as the compiler reads it. */
function tagsIn(file: string): string[] {
  const tags: string[] = [];
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const visit = (node: typescript.Node): void => {
    for (const tag of ts.getJSDocTags(node)) tags.push(tag.tagName.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return tags;
}

/** What an editor shows for a name in a program of the user's. */
function hoverOf(program: string, name: string): string {
  const main = join(root, 'spec/hovered.ts');
  const host: typescript.LanguageServiceHost = {
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      noLib: true,
      types: [],
    }),
    getScriptFileNames: () => [main],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const text = file === main ? program : ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: () => 'lib.d.ts',
    fileExists: (file) => file === main || ts.sys.fileExists(file),
    readFile: (file) => ts.sys.readFile(file),
  };
  const info = ts.createLanguageService(host).getQuickInfoAtPosition(main, program.lastIndexOf(name));
  const tags = (info?.tags ?? []).map((tag) => tag.name);
  expect(tags.filter((tag) => !TAGS.includes(tag))).to.deep.equal([]);
  return ts.displayPartsToString(info?.documentation);
}

describe('what an editor shows', () => {
  it('takes no decorator in a comment for a tag', () => {
    const files = (readdirSync(lib, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
    const strangers = files.flatMap((name) =>
      tagsIn(join(lib, name))
        .filter((tag) => !TAGS.includes(tag))
        .map((tag) => `${name}: @${tag}`),
    );
    expect(files).to.include('index.ts');
    expect(strangers).to.deep.equal([]);
  });

  it('is the whole text of a class, its example included', () => {
    const text = hoverOf("import { Analyzer } from '../lib/analyzer/single/analyzer.js';\nAnalyzer;", 'Analyzer');
    expect(text).to.include('`@cacheOnDisk`');
    expect(text).to.include("Night.get('LBTISX20240410_112233')");
    expect(text).to.match(/with its own tag\.$/);
  }).timeout(60_000);
});
