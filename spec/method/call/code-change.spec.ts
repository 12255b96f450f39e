import { join } from 'node:path';
import { expect } from 'chai';
import type { EntryRecord } from '#lib/store/record/record.js';
import type { TracedCall } from '#lib/store/record/traced.js';
import { Program, recordIn, type RunOptions, type Told } from '../../support/children/program.js';
import { stowageJson } from '../../support/output/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const files = {
  photometry: `
    export const GAIN = 3;
    const OFFSET = 1;
    export function scale(pixel: number): number {
      return pixel * 2 + offset();
    }
    function offset(): number {
      return OFFSET;
    }
    export const unused = (): number => 1;
  `,
  camera: `
    import { cacheOnDisk } from 'stowage';
    import { GAIN, scale } from './photometry.js';
    import { ran } from './runs.js';
    export class Camera {
      @cacheOnDisk
      frames(): number {
        ran('frames');
        return scale(10) * GAIN;
      }
      @cacheOnDisk
      masterImage(): number {
        ran('masterImage');
        return this.clip(this.frames());
      }
      clip(value: number): number {
        return Math.min(value, 40);
      }
    }
  `,
  night: `
    import { cacheOnDisk } from 'stowage';
    import { Camera } from './camera.js';
    import { ran } from './runs.js';
    class Night {
      camera = new Camera();
      @cacheOnDisk
      strehl(): number {
        ran('strehl');
        return this.camera.masterImage() / 100;
      }
      @cacheOnDisk
      report(): string {
        ran('report');
        return \`strehl \${this.strehl()}\`;
      }
    }
    export const root = new Night();
    export const calls = [[root, 'report']];
  `,
};

const all = ['report', 'strehl', 'masterImage', 'frames'];

describe('results of a program that is edited', () => {
  let program: Program;
  let tmpdir: string;
  const run = (options?: RunOptions): Told => program.run(tmpdir, options);
  beforeEach(() => {
    tmpdir = temporaryFolder();
    program = new Program(temporaryFolder(), files);
  });

  it('are found again where nothing is edited, and where what is edited means the same', () => {
    expect(run().ran).to.deep.equal(all);
    expect(run()).to.deep.include({ ran: [], values: ['strehl 0.4'], state: 'disk', reasons: [] });
    program.edit('photometry', 'return pixel * 2', 'const doubled: number = pixel * 2; // twice\n return (doubled)');
    program.edit('photometry', 'const doubled: number = pixel * 2; // twice\n return (doubled)', 'return (pixel * 2)');
    program.edit('photometry', 'scale(pixel: number): number', 'scale(value: number)');
    program.edit('photometry', '(pixel * 2)', 'value /* of one pixel */ * 2');
    program.edit('photometry', '=> 1', '=> 2');
    program.edit('camera', "ran('masterImage')", 'ran("masterImage");;');
    expect(run()).to.deep.include({ ran: [], state: 'disk', reasons: [] });
  });

  it('are computed again where a helper in another file is, as far as values change', () => {
    run();
    program.edit('photometry', 'pixel * 2', 'pixel * 3');
    const told = run();
    expect(told.state).to.equal('stale');
    expect(told.reasons).to.eql(['upstream Camera.frames: its code changed: helper scale (photometry.js) changed']);
    expect(told.stale).to.deep.include({
      'Camera.frames': "the method's code changed: helper scale (photometry.js) changed",
    });
    // The frames are others; the clipped image is not, and nothing above it is asked for.
    expect(told.ran).to.deep.equal(['frames', 'masterImage']);
    expect(run()).to.deep.include({ ran: [], state: 'disk', reasons: [] });
  });

  it('are computed again through any depth where values change', () => {
    run();
    program.edit('photometry', 'pixel * 2', 'pixel / 2');
    expect(run()).to.deep.include({ ran: ['frames', 'masterImage', 'strehl', 'report'], values: ['strehl 0.18'] });
    expect(run()).to.deep.include({ ran: [], values: ['strehl 0.18'] });
  });

  it('say which code made an upstream value another one, however far up, when that is there already', () => {
    const calls = "export const calls = [[root, 'report']];";
    program.edit('night', calls, "export const calls = [[root.camera, 'masterImage'], [root, 'report']];");
    run();
    program.edit('photometry', 'GAIN = 3', 'GAIN = 1');
    const cause = 'upstream Camera.frames: its code changed: constant GAIN 3 → 1';
    expect(run()).to.deep.include({ reasons: [cause] });
    program.edit('photometry', 'GAIN = 1', 'GAIN = 3');
    program.edit('night', "[[root.camera, 'masterImage'], [root", "[[root.camera, 'masterImage']]; [[root");
    expect(run().ran).to.eql([]);
    program.edit('photometry', 'GAIN = 3', 'GAIN = 0.5');
    run();
    program.edit('night', "[[root.camera, 'masterImage']]; [[root", '[[root');
    const told = run();
    expect(told.reasons).to.eql(['upstream Camera.frames: its code changed: constant GAIN 1 → 0.5']);
    expect(told.stale['Night.report']).to.equal(told.reasons[0]);
  });

  it('are computed again where a helper of a helper, or a constant, is', () => {
    run();
    program.edit('photometry', 'OFFSET = 1', 'OFFSET = 2');
    expect(run().stale['Camera.frames']).to.equal("the method's code changed: constant OFFSET 1 → 2");
    program.edit('photometry', 'return OFFSET', 'return -OFFSET');
    expect(run().stale['Camera.frames']).to.equal("the method's code changed: helper offset (photometry.js) changed");
    program.edit('photometry', 'GAIN = 3', 'GAIN = 1');
    expect(run()).to.deep.include({ values: ['strehl 0.18'] });
  });

  it('are computed again where a method is that a method calls on its object, or that an heir has overridden', () => {
    run();
    program.edit('camera', 'value, 40', 'value, 30');
    expect(run()).to.deep.include({ values: ['strehl 0.3'], ran: ['masterImage', 'strehl', 'report'] });
    program.edit('night', 'new Camera()', 'new Better()');
    program.edit('night', 'class Night', 'class Better extends Camera { clip(): number { return 20 } }\nclass Night');
    expect(run().values).to.deep.equal(['strehl 0.2']);
    program.edit('night', 'return 20', 'return 10');
    expect(run()).to.deep.include({ values: ['strehl 0.1'], ran: ['masterImage', 'strehl', 'report'] });
  });

  it("are used with a warning under 'warn', and without under 'ignore'", () => {
    run();
    program.edit('camera', "ran('masterImage');", "ran('masterImage'); if (Date.now() < 0) return 0;");
    program.edit('night', "ran('report');", "ran('report'); if (Date.now() < 0) return '';");
    const ignoring = run({ settings: { onCodeChange: 'ignore' } });
    expect(ignoring).to.deep.include({ ran: [], state: 'disk', reasons: [], warnings: [] });
    const warning = run({ settings: { onCodeChange: 'warn' } });
    expect(warning).to.deep.include({ ran: [], state: 'disk', reasons: ["the method's code changed"] });
    expect(warning.warnings).to.have.length(1);
    expect(run().ran).to.deep.equal(['report', 'masterImage']);
  });

  it('are right again once they are accepted', () => {
    run();
    program.edit('photometry', 'pixel * 2', 'pixel / 2');
    program.edit('night', "ran('report');", "ran('report'); if (Date.now() < 0) return '';");
    expect(run({ verbs: ['accept'] })).to.deep.include({ ran: [], state: 'disk', reasons: [], values: ['strehl 0.4'] });
    expect(run()).to.deep.include({ ran: [], state: 'disk', reasons: [] });
    program.edit('photometry', 'pixel / 2', 'pixel * 2');
    expect(run().ran).to.deep.equal(['frames']);
  });

  it('once accepted, say of what they were made of which code it comes from now', () => {
    run();
    program.edit('photometry', 'pixel * 2', 'pixel + pixel');
    expect(run({ verbs: ['accept'] })).to.deep.include({ ran: [], state: 'disk' });
    const chain = [
      'root.Night.report',
      'root.Night.strehl',
      'root.camera.Camera.masterImage',
      'root.camera.Camera.frames',
    ];
    const records = chain.map((name) => recordIn(tmpdir, name) as unknown as EntryRecord);
    for (const [at, { trace }] of records.slice(0, -1).entries()) {
      const [used] = trace.filter((item): item is TracedCall => 'call' in item);
      expect(used?.code, chain[at]).to.equal(records[at + 1]?.codeSeen?.line);
    }
    program.edit('photometry', 'pixel + pixel', 'pixel * 3');
    expect(run().reasons).to.eql(['upstream Camera.frames: its code changed: helper scale (photometry.js) changed']);
  });

  it('are told apart as far as they are to be looked into', () => {
    run({ settings: { codeDepth: 'method' } });
    expect(recordIn(tmpdir, 'root.camera.Camera.frames').codeSeen).to.deep.include({ depth: 'method', parts: [] });
    program.edit('photometry', 'pixel * 2', 'pixel / 2');
    expect(run({ settings: { codeDepth: 'method' } }).ran).to.deep.equal([]);
    // More than was seen then cannot be compared now.
    expect(run().ran).to.deep.equal([]);
    program.edit('camera', 'scale(10)', 'scale(11)');
    expect(run({ settings: { codeDepth: 'all' } }).ran).to.deep.equal(['frames', 'masterImage', 'strehl', 'report']);
    expect(recordIn(tmpdir, 'root.camera.Camera.frames').codeSeen).to.deep.include({ depth: 'all' });
    expect(run({ settings: { codeDepth: 'method' } }).ran).to.deep.equal([]);
    expect(run().ran).to.deep.equal([]);
  });

  it('of two programs that share a tag and class names are computed for each', () => {
    const other = new Program(temporaryFolder(), { ...files, photometry: files.photometry.replace('2', '1') }, '');
    expect(run().values).to.deep.equal(['strehl 0.4']);
    const told = other.run(tmpdir);
    expect(told.values).to.deep.equal(['strehl 0.33']);
    expect(told.reasons).to.deep.equal([
      'no call of this method is stored',
      "what is stored of the project observatory is another class's",
    ]);
    expect(run().values).to.deep.equal(['strehl 0.4']);
  });

  it('of two programs that share a tag and class names have each their own lineage', async () => {
    const other = new Program(temporaryFolder(), { ...files, photometry: files.photometry.replace('2', '1') }, '');
    run();
    other.run(tmpdir);
    const { nodes, edges } = await stowageJson<{
      nodes: { id: string; method: string }[];
      edges: { from: string; to: string }[];
    }>(['lineage', '*'], { env: { STOWAGE_TMPDIR: tmpdir } });
    const names = new Map(nodes.map(({ id, method }) => [id, method]));
    const drawn = edges.map(({ from, to }) => `${names.get(from)} → ${names.get(to)}`).sort();
    const chain = [
      'Camera.frames → Camera.masterImage',
      'Camera.masterImage → Night.strehl',
      'Night.strehl → Night.report',
    ];
    expect(drawn).to.deep.equal(chain.flatMap((each) => [each, each]));
    expect(new Set(edges.map(({ from }) => from)).size).to.equal(6);
  });

  it('are compared by the text of their method where there is no inspector, and that is said', () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const flags = [flag, '--allow-fs-read=*', `--allow-fs-write=${join(tmpdir, '*')}`];
    expect(run({ flags }).ran).to.deep.equal(all);
    const again = run({ flags });
    expect(again).to.deep.include({ ran: [], state: 'disk' });
    expect(again.reasons).to.have.length(1);
    expect(again.reasons[0]).to.match(/text .* there is no inspector/);
    program.edit('photometry', 'pixel * 2', 'pixel / 2');
    expect(run({ flags }).ran).to.deep.equal([]);
    program.edit('camera', 'scale(10)', 'scale(11)');
    expect(run({ flags }).ran).to.deep.equal(['frames', 'masterImage', 'strehl', 'report']);
    expect(run().ran).to.deep.equal([]);
  });
});

describe('a caller of cached methods that leave no result', () => {
  const leaving: Record<string, { body: string; from: string; to: string }> = {
    'because they fail': { body: "throw new Error('below ' + limit)", from: 'limit = 1', to: 'limit = 2' },
    'because it cannot be stored': { body: 'return { limit: () => limit }', from: 'limit = 1', to: 'limit = 2' },
  };
  const program = (body: string, night: string): Program =>
    new Program(temporaryFolder(), {
      camera: `
        import { cacheOnDisk } from 'stowage';
        import { ran } from './runs.js';
        const limit = 1;
        export class Camera {
          @cacheOnDisk
          frames(): unknown {
            ran('frames');
            ${body};
          }
        }
      `,
      night: `
        import { cacheOnDisk } from 'stowage';
        import { Camera } from './camera.js';
        import { ran } from './runs.js';
        class Night {
          ${night}
          @cacheOnDisk
          strehl(): string {
            ran('strehl');
            try {
              const frames = this.frames() as { limit(): number };
              return String(frames.limit());
            } catch (error) {
              return String(error);
            }
          }
        }
        export const root = new Night();
        export const calls = [[root, 'strehl']];
      `,
    });
  const tagged = 'camera = new Camera(); frames(): unknown { return this.camera.frames(); }';

  for (const [why, { body, from, to }] of Object.entries(leaving)) {
    it(`is computed again where their code is another, ${why}`, () => {
      const tmpdir = temporaryFolder();
      const edited = program(body, tagged);
      const first = edited.run(tmpdir);
      expect(first.ran).to.deep.equal(['strehl', 'frames']);
      expect(edited.run(tmpdir)).to.deep.include({ ran: [], state: 'disk', values: first.values });
      edited.edit('camera', from, to);
      const told = edited.run(tmpdir);
      expect(told).to.deep.include({ state: 'stale', reasons: ['upstream Camera.frames: its code changed'] });
      expect(told.ran).to.deep.equal(['strehl', 'frames']);
      expect(told.values).not.to.deep.equal(first.values);
      expect(edited.run(tmpdir)).to.deep.include({ ran: [], state: 'disk' });
    });
  }

  it('is computed again where their code is another, because no root reaches their analyzer', () => {
    const tmpdir = temporaryFolder();
    const hidden = '#camera = new Camera(); frames(): unknown { return this.#camera.frames(); }';
    const edited = program('return { limit: () => limit }', hidden);
    expect(edited.run(tmpdir).ran).to.deep.equal(['strehl', 'frames']);
    expect(edited.run(tmpdir)).to.deep.include({ ran: [], state: 'disk' });
    edited.edit('camera', 'limit = 1', 'limit = 2');
    const told = edited.run(tmpdir);
    expect(told).to.deep.include({ state: 'stale', values: ['2'], ran: ['strehl', 'frames'] });
    expect(edited.run(tmpdir)).to.deep.include({ ran: [], state: 'disk' });
  });

  it("is used all the same where their option is 'ignore'", () => {
    const tmpdir = temporaryFolder();
    const edited = program("throw new Error('below ' + limit)", tagged);
    edited.run(tmpdir);
    edited.edit('camera', 'limit = 1', 'limit = 2');
    expect(edited.run(tmpdir, { settings: { onCodeChange: 'ignore' } })).to.deep.include({ ran: [], state: 'disk' });
  });

  it('is right again once it is accepted', () => {
    const tmpdir = temporaryFolder();
    const edited = program("throw new Error('below ' + limit)", tagged);
    edited.run(tmpdir);
    edited.edit('camera', 'limit = 1', 'limit = 2');
    expect(edited.run(tmpdir, { verbs: ['accept'] })).to.deep.include({ ran: [], state: 'disk' });
    expect(edited.run(tmpdir)).to.deep.include({ ran: [], state: 'disk' });
  });
});
