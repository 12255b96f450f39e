import {readFileSync} from 'node:fs'; import path from 'node:path'; import {execFileSync} from 'node:child_process'; import {layout} from './layout.mjs';
const root=process.argv[2];
const files=execFileSync('git',['ls-files','lib'],{cwd:root,encoding:'utf8'}).split('\n').filter(f=>f.endsWith('.ts'));
const roomOf=f=>{const p=path.dirname(f).split('/').slice(1);return p};
const e={};const count={};
for(const f of files){const p=roomOf(f);count[p.join('/')]=(count[p.join('/')]??0)+1;for(const m of readFileSync(path.join(root,f),'utf8').matchAll(/(?:from|import) '(\.[^']+)\.js'/g)){const t=path.normalize(path.join(path.dirname(f),m[1]+'.ts'));const q=roomOf(t);if(q[0]!==p[0]||q.join('/')===p.join('/'))continue;const a=p.slice(1).join('/')||'.',b=q.slice(1).join('/')||'.';((e[p[0]]??={})[a+' > '+b]??=[]).push(path.basename(f,'.ts')+'→'+path.basename(t,'.ts'))}}
for(const [w,es] of Object.entries(e)){const order=Object.keys(layout[w]??{});const idx=x=>x==='.'?-1:order.findIndex(o=>o===x);console.log('==',w);for(const [k,l] of Object.entries(es)){const [a,b]=k.split(' > ');const up=b==='.'||(a!=='.'&&idx(a)>idx(b));console.log((up?'UP ':'   ')+k,l.length,up||a==='.'?l.join(' '):'')}}
console.log(Object.entries(count).filter(([k,v])=>v>14).map(([k,v])=>k+':'+v).join(' '));
