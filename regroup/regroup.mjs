// node regroup.mjs ROOT MAP.json [--dry]: moves source files and rewrites every path that names one of them.
import { readFileSync, writeFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path'; import { execFileSync } from 'node:child_process';
const root = path.resolve(process.argv[2]); const moves = new Map(Object.entries(JSON.parse(readFileSync(process.argv[3], 'utf8'))));
const git = (...a) => execFileSync('git', a, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
const files = git('ls-files').split('\n').filter(Boolean);
const known = new Set(files);
for (const [a, b] of moves) { if (!known.has(a)) { console.error('missing', a); moves.delete(a); } else if (known.has(b) && !moves.has(b)) throw new Error('target exists ' + b); }
const to = (f) => moves.get(f) ?? f;
// compiled path -> source path and back
const outs = [['lib/', 'dist/'], ['spec/', 'build/spec/'], ['notebooks/', 'build/notebooks/'], ['bench/', 'build/bench/']];
const compiledOf = (s) => { for (const [a, b] of outs) if (s.startsWith(a)) return b + s.slice(a.length).replace(/\.ts$/, '.js'); return s; };
const sourceOf = (c) => { for (const [a, b] of [...outs].reverse()) if (c.startsWith(b)) return a + c.slice(b.length).replace(/\.js$/, '.ts'); return c; };
const rel = (from, target) => { let r = path.relative(path.dirname(from), target); if (!r.startsWith('.')) r = './' + r; return r; };
const isDir = (p) => { try { return statSync(path.join(root, p)).isDirectory(); } catch { return false; } };
let changed = 0;
function specifier(oldFile, newFile, spec) {
  // 1. source relative, .js -> .ts
  const m = /^(\.{1,2}\/[^$`]*|\.{1,2})$/.exec(spec); if (!m) return undefined;
  const abs = path.normalize(path.join(path.dirname(oldFile), spec));
  const asTs = abs.replace(/\.js$/, '.ts');
  if (known.has(asTs) && spec.endsWith('.js')) return rel(newFile, to(asTs)).replace(/\.ts$/, '.js');
  if (known.has(abs)) return rel(newFile, to(abs));
  return undefined;
}
function runtime(oldFile, newFile, spec) {
  const oc = compiledOf(oldFile), nc = compiledOf(newFile);
  const abs = path.normalize(path.join(path.dirname(oc), spec));
  const src = sourceOf(abs);
  let target;
  if (known.has(abs)) target = to(abs);
  else if (known.has(src)) target = compiledOf(to(src));
  else if (abs === '.' || abs === './' || isDir(abs) || isDir(src)) target = abs; // folders that do not move
  else return undefined;
  let r = path.relative(path.dirname(nc), target) || '.'; if (!r.startsWith('.') && spec.startsWith('.')) r = './' + r;
  if (spec.endsWith('/') && !r.endsWith('/')) r += '/';
  return r;
}
const unresolved = [];
for (const f of files) {
  if (!/\.(ts|mts|cts|js|cjs|mjs|json|md|tsx)$|^\.ci\/|\.tslnb|\.ipynb$/.test(f) || /package-lock|spec\/golden|\.ipynb$/.test(f)) continue;
  const n = to(f); let text; try { text = readFileSync(path.join(root, f), 'utf8'); } catch { continue; } const before = text;
  if (/\.ts$/.test(f)) {
    text = text.replace(/(\b(?:from|import)\s*\(?\s*)'(\.[^']*)'/g, (all, lead, s) => { const r = specifier(f, n, s); if (r === undefined) { if(!/\$|\{/.test(s)) unresolved.push([f, s]); return all; } return `${lead}'${r}'`; });
    text = text.replace(/(new URL\(\s*|resolve\(import\.meta\.dirname,\s*|join\(import\.meta\.dirname,\s*)'([^':]*)'/g, (all, lead, s) => { if (f === n && ![...moves.keys()].length) return all; const r = runtime(f, n, s) ?? (f !== n ? (unresolved.push([f, 'URL ' + s]), undefined) : undefined); return r === undefined ? all : `${lead}'${r}'`; });
    text = text.replace(/#lib\/([A-Za-z0-9_\-/.]+)\.js/g, (all, p) => { const t = to(`lib/${p}.ts`); return '#lib/' + t.slice(4).replace(/\.ts$/, '.js'); });
  }
  // plain mentions: lib/x/y.ts, dist/x/y.js, build/spec/x.js, spec/x.ts, also folder-less `dist/...` inside strings
  text = text.replace(/(?<![\w#./-])((?:lib|spec|bench)\/[\w\-/.]+\.ts)\b/g, (all, p) => moves.has(p) ? to(p) : all);
  text = text.replace(/(?<![\w#-])((?:dist|build\/spec)\/[\w\-/.]+\.js)\b/g, (all, p) => { const s = sourceOf(p); return moves.has(s) ? compiledOf(to(s)) : all; });
  if (text !== before) { changed++; if (!process.argv.includes('--dry')) writeFileSync(path.join(root, f), text); }
}
if (!process.argv.includes('--dry')) for (const [a, b] of moves) { mkdirSync(path.join(root, path.dirname(b)), { recursive: true }); git('mv', a, b); }
console.log(`${moves.size} moved, ${changed} files rewritten`); for (const u of unresolved) console.log('unresolved', ...u);
