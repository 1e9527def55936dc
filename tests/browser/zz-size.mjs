import { readFileSync, writeFileSync, mkdtempSync, cpSync } from 'node:fs';
import { marked } from '../../scripts/split/divide.mjs';
import { startBench } from './harness/browser.mjs';
const folder = '/tmp/page-size/run';
cpSync('/tmp/page-size/site', folder, { recursive: true });
const bytes = readFileSync('/tmp/page-size/out/replicarium_bg.wasm');
const p = marked(bytes);
writeFileSync(folder + '/replicarium_bg.wasm', p.module);
const html = readFileSync(folder + '/index.html', 'utf8').replace('src="./boot.js"', '$& data-whole="./never.wasm"');
writeFileSync(folder + '/index.html', html);
const bench = await startBench({ folder });
const { page } = await bench.open({ ready: 'light', prepare: (page) => page.route('**/never.wasm', () => {}) });
await page.waitForSelector('.pace[data-playing=false]', { state: 'attached' });
const marks = await page.evaluate(async ([m, at, n]) => { const w = await (await import(m)).default(); return [...new Uint8Array(w.memory.buffer, at, n)]; }, [`${bench.server.url}replicarium.js`, p.marks, p.count]);
await bench.close();
// names
const names = new Map();
{ let at = 8; const d = bytes; const leb = () => { let r=0,s=0,b; do { b=d[at++]; r|=(b&127)<<s; s+=7; } while(b&128); return r>>>0; };
  while (at < d.length) { const id=d[at++]; const len=leb(); const end=at+len; if(id===0){ const nl=leb(); const nm=d.subarray(at,at+nl).toString(); at+=nl; if(nm==='name'){ while(at<end){ const sub=d[at++]; const sl=leb(); const se=at+sl; if(sub===1){ const c=leb(); for(let i=0;i<c;i++){ const ix=leb(); const l=leb(); names.set(ix,d.subarray(at,at+l).toString()); at+=l; } } at=se; } } } at=end; } }
const imports = Math.min(...[...names.keys()].filter(() => true)) ;
let nImports = 0; { const { parse } = await import('../../scripts/split/wasm.mjs'); nImports = parse(bytes).imports.length; }
const rows = p.functions.map((from, i) => { const to = p.functions[i+1] ?? p.count; let ran=0; for (let s=from;s<to;s++) ran += marks[s]; return { name: names.get(i+nImports) ?? '?', size: p.sizes[i], ran, of: to-from }; });
writeFileSync('/tmp/page-size/rows.json', JSON.stringify(rows));
const live = rows.filter((r) => r.ran); live.sort((a,b)=>b.size-a.size);
console.log('live', live.length, live.reduce((a,r)=>a+r.size,0), 'all', rows.reduce((a,r)=>a+r.size,0));
for (const r of live.slice(0,70)) console.log(r.size, `${r.ran}/${r.of}`, r.name.slice(0,150));
