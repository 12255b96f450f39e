/** What a script takes from Node's own modules: it belongs to where the program runs, and is no code of it. */
import { isBuiltin } from 'node:module';

const IMPORT = /\bimport\s+([^'";]+?)\s+from\s*["']([^"']+)["']/g;
const REQUIRE = /\b(?:const|let|var)\s+([^'"=;]+?)\s*=\s*require\(\s*["']([^"']+)["']\s*\)/g;

/** Variables by their names, with what Node calls what is in them; `''` for a module as a whole. */
export function nodeImports(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, clause = '', module = ''] of [...text.matchAll(IMPORT), ...text.matchAll(REQUIRE)]) {
    if (!isBuiltin(module)) continue;
    const [outside = '', inside = ''] = clause.split(/[{}]/);
    for (const each of outside.split(',')) {
      const name = each.trim().replace(/^\*\s*as\s+/, '');
      if (/^[\w$]+$/.test(name)) found.set(name, '');
    }
    for (const each of inside.split(',')) {
      const [imported = '', local = imported] = each.trim().split(/\s+as\s+|\s*:\s*/);
      if (/^[\w$]+$/.test(local)) found.set(local, imported);
    }
  }
  return found;
}
