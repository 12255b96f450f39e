import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instance } from '@viz-js/viz';
import { expect } from 'chai';
import {
  cacheOnDisk,
  clearCache,
  dependsOnFile,
  invalidate,
  lineage,
  parameter,
  type Lineage,
  type LineageEntry,
  type LineageNode,
} from 'stowage';
import { Lineage as Graph } from '#lib/method/report/lineage-graph.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { textsOf } from '../../support/values/xml.js';

const GAIN = 3;
const scale = (value: number): number => value * GAIN;

class Counts {
  @cacheOnDisk
  sum(): number {
    return scale(Math.abs(-2));
  }

  @cacheOnDisk
  twice(): number {
    return this.sum() * 2;
  }
}

class Frames {
  @parameter dark = 1;

  constructor(readonly file: string) {}

  @cacheOnDisk
  raw(): Float64Array {
    dependsOnFile(this.file);
    return Float64Array.of(1, 2, 3);
  }

  @cacheOnDisk
  scaled(by: number, _options?: unknown): Float64Array {
    return this.raw().map((x) => x * by);
  }
}

class Seeing {
  constructor(readonly frames: Frames) {}

  @cacheOnDisk
  darkness(): number {
    return this.frames.dark;
  }

  @cacheOnDisk
  async fwhm(): Promise<number> {
    await Promise.resolve();
    return this.frames.scaled(2)[0] ?? NaN;
  }
}

class Night {
  readonly seeing: Seeing;

  constructor(readonly frames: Frames) {
    this.seeing = new Seeing(frames);
  }

  @cacheOnDisk
  async report(): Promise<string> {
    return `${await this.seeing.fwhm()} ${this.seeing.darkness()}`;
  }
}

class Sums {
  @cacheOnDisk({ durable: false })
  sum(n: number): number {
    return n === 0 ? 0 : this.sum(n - 1) + (n % 7);
  }

  @cacheOnDisk({ durable: false })
  binary(n: number): number {
    return n <= 1 ? n : this.binary(n >> 1) + 1;
  }
}

/** A node as one line. */
const brief = (node: LineageNode): string => {
  if (node.kind === 'file') return `${node.name} ${node.bytes ?? 'absent'}`;
  if (node.kind === 'parameter') return `${node.instance} ${node.parameter}`;
  return `${node.instance} ${node.method}(${node.arguments ?? ''})${node.state === undefined ? '' : ` ${node.state}`}`;
};
/** The edges, by what they join. */
const edgesOf = ({ nodes, edges }: Lineage): string[] => {
  const names = new Map(nodes.map((node) => [node.id, brief(node)]));
  return edges.map(({ from, to }) => `${names.get(from) ?? '?'} → ${names.get(to) ?? '?'}`);
};

describe('lineage', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    writeFileSync(join(folder, 'frames.fits'), '12345');
  });
  const night = (): Night => tagIn(folder, new Night(new Frames(join(folder, 'frames.fits'))));

  it('leads from files and parameters through each result to those that were made of it', async () => {
    const first = night();
    await first.report();
    const graph = await lineage(first);
    expect(graph.nodes.map(brief)).to.deep.equal([
      'root Night.report()',
      'root.frames Frames.raw()',
      'root.frames Frames.scaled(2)',
      'root.seeing Seeing.darkness()',
      'root.seeing Seeing.fwhm()',
      'frames.fits 5',
      'root.frames *',
      'root.frames dark',
    ]);
    expect(edgesOf(graph)).to.deep.equal([
      'root.frames Frames.raw() → root.frames Frames.scaled(2)',
      'root.frames Frames.scaled(2) → root.seeing Seeing.fwhm()',
      'root.seeing Seeing.darkness() → root Night.report()',
      'root.seeing Seeing.fwhm() → root Night.report()',
      'frames.fits 5 → root.frames Frames.raw()',
      'root.frames * → root.seeing Seeing.fwhm()',
      'root.frames dark → root.seeing Seeing.darkness()',
    ]);
    const raw = graph.nodes.find((node): node is LineageEntry => node.kind === 'entry' && node.method === 'Frames.raw');
    expect(raw).to.deep.include({ id: 'entry2', type: 'Float64Array', shape: [3] });
    expect(raw?.file).to.match(/root\.frames\.Frames\.raw\/.*\.npy$/);
    expect(JSON.parse(JSON.stringify(graph))).to.have.all.keys('nodes', 'edges');
  });

  it('is the same, to the letter, from another process with the same results', async () => {
    const first = night();
    await first.report();
    const again = await lineage(tagIn(folder, new Night(new Frames('elsewhere'))));
    expect(again).to.deep.equal(await lineage(first));
    expect(again.toDot()).to.equal((await lineage(first)).toDot());
  });

  it('names with each result what its code reaches', async () => {
    const root = tagIn(folder, new Counts());
    root.twice();
    const graph = await lineage(root);
    const [sum, twice] = graph.nodes as LineageEntry[];
    expect(sum?.code).to.have.length(2);
    expect(sum?.code?.[0]).to.match(/^helper scale \(.*lineage\.spec\.js\)$/);
    expect(sum?.code?.[1]).to.equal('constant GAIN 3');
    expect(twice).not.to.have.property('code');
    expect(graph.toMermaid()).to.include('helper scale, constant GAIN 3');
    expect(graph.toDot()).to.include('\\nhelper scale, constant GAIN 3"');
  });

  it('of an analyzer shows its results and what they were made of, wherever it lies', async () => {
    const first = night();
    await first.report();
    expect((await lineage(first.seeing)).nodes.map(brief)).to.not.include('root Night.report()');
    expect(edgesOf(await lineage(first.seeing))).to.include('frames.fits 5 → root.frames Frames.raw()');
  });

  it('marks what is not stored any more, with its arguments, and what was invalidated by hand', async () => {
    const first = night();
    await first.report();
    invalidate(first.seeing, 'darkness');
    clearCache(first.frames);
    const entries = (await lineage(first)).nodes.filter((node) => node.kind === 'entry').map(brief);
    expect(entries).to.deep.equal([
      'root Night.report()',
      'root.frames Frames.scaled(2) missing',
      'root.seeing Seeing.darkness() invalidated',
      'root.seeing Seeing.fwhm()',
    ]);
  });

  it('shows a file that was absent, and one outside the tmpdir by its full path', async () => {
    const elsewhere = join(temporaryFolder(), 'dark.fits');
    const root = tagIn(folder, new Frames(elsewhere));
    root.raw();
    const files = (await lineage(root)).nodes.filter((node) => node.kind === 'file');
    expect(files).to.deep.equal([{ id: 'file1', kind: 'file', file: elsewhere, name: elsewhere }]);
  });

  it('knows a file by what the youngest result saw', async () => {
    const first = night();
    first.frames.raw();
    writeFileSync(join(folder, 'frames.fits'), '1234567');
    invalidate(first.frames);
    first.frames.dark = 2;
    first.frames.raw();
    expect((await lineage(first)).nodes.map(brief)).to.include('frames.fits 7');
  });

  it('of results of two roots leads from one to the other', async () => {
    const other = tagIn(temporaryFolder(), new Frames(join(folder, 'frames.fits')), 'calibration');
    class Reduced {
      readonly calibration = (): Frames => other;

      @cacheOnDisk
      first(): number {
        return this.calibration().raw()[0] ?? NaN;
      }
    }
    const root = tagIn(folder, new Reduced());
    expect(root.first()).to.equal(1);
    expect(edgesOf(await lineage(root))).to.include('root Frames.raw() → root Reduced.first()');
    rmSync(join(folder, 'frames.fits'));
  });

  it('of an empty or untagged root is empty, and drawn all the same', async () => {
    for (const root of [night(), new Night(new Frames('x'))]) {
      const graph = await lineage(root);
      expect(graph.nodes).to.deep.equal([]);
      expect(graph.edges).to.deep.equal([]);
      expect(graph.toMermaid()).to.equal('flowchart LR\n  classDef gone stroke-dasharray: 4 4\n');
      expect(textsOf(await graph.toSvg(), 'title')).to.deep.equal(['lineage']);
    }
  });

  it('rejects what is no object', async () => {
    const error: unknown = await lineage(undefined as never).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'STOWAGE_INVALID_OPTION');
  });

  it('of 2,000 results is gathered while other work goes on, and drawn', async () => {
    const root = tagIn(folder, new Sums());
    for (let n = 0; n < 1000; n++) {
      root.sum(n);
      root.binary(n);
    }
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const graph = await lineage(tagIn(folder, new Sums()));
    clearInterval(timer);
    expect(turns).to.be.greaterThan(1);
    expect(graph.nodes).to.have.lengthOf(2000);
    expect(graph.edges).to.have.lengthOf(999 + 998);
    const svg = await graph.toSvg();
    const titles = new Set(textsOf(svg, 'title'));
    for (const { id } of graph.nodes) expect(titles.has(id), id).to.equal(true);
    for (const { from, to } of graph.edges) expect(titles.has(`${from}->${to}`)).to.equal(true);
  });
});

/** Nodes as nobody names them, to see what comes of it. */
const nasty: LineageNode[] = [
  {
    kind: 'entry',
    id: 'entry1',
    instance: 'root["a\\"b"].<b>&amp;',
    method: 'Été.#größe',
    arguments: '"x]", [1, {2}], `c`, \'d\\n\', $$e$$',
    type: 'Float32Array',
    dtype: '<f4',
    shape: [3, 4],
    bytes: 1_234_567,
    seconds: 0.01234,
    computedAt: 0,
  },
  {
    kind: 'entry',
    id: 'entry2',
    instance: 'root',
    method: 'end.style: x',
    arguments: 'x'.repeat(100),
    state: 'missing',
  },
  { kind: 'file', id: 'file1', file: '/x', name: `a\nb\u0001\u202e\ud800%%{init}%%😀;ﬂ°.fits`, bytes: 999_999 },
  { kind: 'file', id: 'file2', file: '/y', name: `${'long/'.repeat(20)}frames.fits` },
  { kind: 'parameter', id: 'parameter1', instance: 'root.frames', parameter: '*' },
  { kind: 'parameter', id: 'parameter2', instance: 'root', parameter: '\\N\\' },
];
const drawn = new Graph(nasty, [
  { from: 'entry1', to: 'entry2' },
  { from: 'file1', to: 'entry1' },
]);

/** What a reader sees, line by line. */
const seen: readonly (readonly string[])[] = [
  ['root["a\\"b"].<b>&amp;', 'Été.#größe("x]", [1, {2}], `c`, \'d\\n\', $$e$$)', '<f4 3 × 4, 1.23 MB, 12.3 ms'],
  ['root', `end.style: x(${'x'.repeat(59)}…)`, 'missing'],
  ['a\\u000ab\\u0001\\u202e\\ud800%%{init}%%😀;ﬂ°.fits', '1 MB'],
  ['long/long/long/long/…long/long/long/long/long/frames.fits'.replace('…long', '…ng/long'), 'absent'],
  ['root.frames', 'all parameters'],
  ['root', '\\N\\'],
];

describe('a drawing of a lineage', () => {
  it('in Mermaid writes as codes all that Mermaid would read as something else', () => {
    expect(drawn.toMermaid().split('\n')).to.deep.equal([
      'flowchart LR',
      '  entry1["root[#34;a#92;#34;b#34;].#60;b#62;#38;amp#59;<br>' +
        "Été.#35;größe(#34;x]#34;, [1, {2}], #96;c#96;, 'd#92;n', #36;#36;e#36;#36;)<br>" +
        '#60;f4 3 × 4, 1.23 MB, 12.3 ms"]',
      `  entry2["root<br>end.style#58; x(${'x'.repeat(59)}…)<br>missing"]:::gone`,
      '  file1[("a#92;u000ab#92;u0001#92;u202e#92;ud800#37;#37;{init}#37;#37;😀#59;#64258;°.fits<br>1 MB")]',
      `  file2[("${seen[3]?.[0] ?? ''}<br>absent")]`,
      '  parameter1(["root.frames<br>all parameters"])',
      '  parameter2(["root<br>#92;N#92;"])',
      '  entry1 --> entry2',
      '  file1 --> entry1',
      '  classDef gone stroke-dasharray: 4 4',
      '',
    ]);
  });

  it('in DOT is read by Graphviz as what was meant', async () => {
    const viz = await instance();
    const { output, errors } = viz.render(drawn.toDot(), { format: 'json' });
    // It has no widths for characters beyond ASCII, and says so.
    expect(errors.filter(({ level }) => level !== 'warning')).to.deep.equal([]);
    const { objects, edges } = JSON.parse(output ?? '') as {
      objects: { name: string; style?: string; shape?: string }[];
      edges: { tail: number; head: number }[];
    };
    expect(objects.map(({ name, style = '' }) => `${name} ${style}`.trim())).to.deep.equal([
      'entry1',
      'entry2 dashed',
      'file1',
      'file2',
      'parameter1 rounded',
      'parameter2 rounded',
    ]);
    expect(edges.map(({ tail, head }) => `${objects[tail]?.name ?? ''} ${objects[head]?.name ?? ''}`)).to.deep.equal([
      'entry1 entry2',
      'file1 entry1',
    ]);
  });

  it('in SVG is well-formed XML, with every node under its id and every line of its label as it was', async () => {
    const svg = await drawn.toSvg();
    expect(textsOf(svg, 'title')).to.have.members([
      'lineage',
      ...nasty.map(({ id }) => id),
      'entry1->entry2',
      'file1->entry1',
    ]);
    expect(textsOf(svg, 'text')).to.have.members(seen.flat());
  });
});
