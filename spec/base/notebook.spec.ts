import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a cell shows, in a process that is to our code as tslab's kernel is. */
function shownBy(cell: string): { displayed: string[]; logged: string } {
  const folder = temporaryFolder();
  const tslab = join(folder, 'node_modules', 'tslab');
  mkdirSync(join(tslab, 'bin'), { recursive: true });
  const kernel = join(tslab, 'bin', 'tslab');
  writeFileSync(join(tslab, 'package.json'), '{ "name": "tslab", "main": "index.js" }');
  writeFileSync(
    join(tslab, 'index.js'),
    'const displayed = []; exports.displayed = displayed; exports.display = { html: (text) => displayed.push(`html ${text}`), svg: (text) => displayed.push(`svg ${text}`) };',
  );
  writeFileSync(
    kernel,
    `globalThis.__tslab__ = {};
    process.env.STOWAGE_TMPDIR = ${JSON.stringify(folder)};
    (async () => {
      const stowage = await import(${JSON.stringify(import.meta.resolve('stowage'))});
      const { Analyzer, AnalyzerSet, cacheOnDisk, explainAll, lineage, verify } = stowage;
      class Night extends Analyzer { strehl() { return 0.5; } }
      const method = (name) => Object.defineProperty(Night.prototype, name, cacheOnDisk(Night.prototype, name, Object.getOwnPropertyDescriptor(Night.prototype, name)));
      method('strehl');
      const logged = [];
      console.log = (...values) => logged.push(require('node:util').format(...values));
      ${cell}
      process.stdout.write(JSON.stringify({ displayed: require('tslab').displayed, logged: logged.join('\\n') }));
    })();`,
  );
  return JSON.parse(execFileSync(process.execPath, [kernel], { encoding: 'utf8' })) as { displayed: string[]; logged: string };
}

describe('a notebook', () => {
  it('shows an analyzer and the results of a set as tables, and a line of text beside them', () => {
    const { displayed, logged } = shownBy(`
      const night = Night.get('<night>');
      night.strehl();
      console.log(night);
      console.log(new AnalyzerSet(Night, ['<night>', 'other']).each((night) => night.strehl()));
    `);
    expect(displayed).to.have.length(2);
    expect(displayed[0]).to.match(/^html <table>\n<caption .*>Night &lt;night&gt;: 1 results, .*<td [^>]*>Night\.strehl<\/td>/s);
    expect(displayed[1]).to.match(/&lt;night&gt;<\/td><td [^>]*right">0\.5<\/td>/);
    expect(logged).to.match(/^Night <night>: 1 results, 3 B, .*\nresults of 2 tags, 0 failed$/);
  });

  it('shows a lineage as a picture, and reports as tables', () => {
    const { displayed } = shownBy(`
      const night = Night.get('night');
      night.strehl();
      console.log(await lineage(night));
      console.log(await explainAll(night));
      console.log(await verify(night));
    `);
    expect(displayed).to.have.length(3);
    expect(displayed[0]).to.match(/^svg [^]*<svg /);
    expect(displayed[1]).to.match(/^html <table>[^]*Night\.strehl[^]*memory/);
    expect(displayed[2]).to.match(/^html <table>/);
  });

  it('shows text alone for what stands within something else', () => {
    const { displayed, logged } = shownBy(`console.log([Night.get('night')], { night: Night.get('night') });`);
    expect(displayed).to.deep.equal([]);
    expect(logged).to.match(/^\[ Night night: 0 results, .* saved \] { night: Night night: 0 results/);
  });
});
