import { layout } from './layout.mjs'; import { execFileSync } from 'node:child_process'; import path from 'node:path'; import { writeFileSync } from 'node:fs';
const root = process.argv[2]; const files = new Set(execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n'));
const map = {}; const homeless = [];
for (const [wing, rooms] of Object.entries(layout)) for (const [room, list] of Object.entries(rooms)) for (const item of list.split(' ').filter(Boolean)) {
  let [old, name] = item.split('='); const wingOf = wing === 'show' ? '' : wing + '/'; const src = `lib/${wingOf}${old}.ts`; name ??= path.basename(old);
  const dst = path.join('lib', wing, room, name + '.ts'); if (!files.has(src)) { console.error('gone', src); continue; } if (src !== dst) map[src] = dst;
}
for (const f of files) if (/^lib\/[^/]+\/[^/]+\.ts$/.test(f) && !map[f]) homeless.push(f);
// specs follow the file they are named after
for (const f of files) { const m = /^spec\/(.+?)((?:\.legacy)?\.spec)\.ts$/.exec(f); if (!m) continue; const lib = `lib/${m[1]}.ts`; if (map[lib]) map[f] = map[lib].replace(/^lib/, 'spec').replace(/\.ts$/, m[2] + '.ts'); }
writeFileSync('map.json', JSON.stringify(map, null, 1)); console.log(Object.keys(map).length, 'moves'); console.log('stay flat:', homeless.join(' '));
