import { expect } from 'chai';
import { tagIn } from '../../support/analyses/analysis.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('stowage lineage', () => {
  let env: NodeJS.ProcessEnv;
  const lineage = async (...argv: string[]): ReturnType<typeof stowage> => stowage(['lineage', ...argv], { env });

  beforeEach(() => {
    env = { STOWAGE_TMPDIR: temporaryFolder() };
    tagIn(env.STOWAGE_TMPDIR ?? '', new Night()).summary();
  });

  it('shows what a result was made of as a tree, with what it has shown before named alone', async () => {
    const { code, stdout } = await lineage('night/root.Night.summary');
    expect(code).to.equal(0);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) =>
        line.replace(/^(\W*)root(?:\.camera)? {2}(\w+\.\w+)\(.*?\)(?: {2}.*?)?( {2}\(see above\))?$/, '$1$2$3'),
      );
    expect(names).to.deep.equal([
      'Night.summary',
      '├─ Camera.binned',
      '│  └─ Camera.frames',
      '└─ Camera.total',
      '   └─ Camera.frames',
    ]);
  });

  it('gives the graph to a script', async () => {
    const { nodes, edges } = await stowageJson<{ nodes: { method: string }[]; edges: object[] }>(
      ['lineage', 'night/root.camera.*'],
      { env },
    );
    expect(nodes.map(({ method }) => method)).to.deep.equal(['Camera.binned', 'Camera.frames', 'Camera.total']);
    expect(edges).to.have.length(2);
  });

  it('draws it for Markdown, for Graphviz, and as a picture', async () => {
    expect((await lineage('night', '--mermaid')).stdout).to.match(/^flowchart LR\n/);
    expect((await lineage('night', '--dot')).stdout).to.match(/^digraph lineage \{/);
    expect((await lineage('night', '--svg')).stdout).to.match(/<svg .*<\/svg>\n$/s);
  });

  it('marks what was pruned', async () => {
    await stowage(['prune', 'night/root.camera.Camera.frames', '-y'], { env });
    expect((await lineage('night')).stdout).to.match(/Camera\.frames\(\) .*, pruned$/m);
  });

  it('says where nothing fits', async () => {
    expect(await lineage('night/root.nothing')).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'stowage lineage: no entry fits night/root.nothing\n',
    });
  });
});
