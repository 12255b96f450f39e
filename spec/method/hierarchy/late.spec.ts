import { expect } from 'chai';
import { cacheOnDisk, children, getDiskCacher, parameter } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];

class Mode {
  @parameter gain: number;

  constructor(gain = 1) {
    this.gain = gain;
  }

  @cacheOnDisk
  value(): number {
    return this.gain;
  }
}

class Other extends Mode {}

class Loop {
  modes: Mode[] = [];
  best?: Mode;
  child?: Mode;
  groups: Mode[][] = [];
  byName = new Map<string, Mode>();
  made?: Mode[];

  @cacheOnDisk
  sum(): number {
    ran.push('sum');
    return this.modes.reduce((total, mode) => total + mode.value(), 0);
  }

  @cacheOnDisk
  sumOfGroups(): number {
    ran.push('sumOfGroups');
    return this.groups.flat().reduce((total, mode) => total + mode.value(), 0);
  }

  @cacheOnDisk
  sumByName(): number {
    ran.push('sumByName');
    return [...this.byName.values()].reduce((total, mode) => total + mode.gain, 0);
  }

  @cacheOnDisk
  gainOfChild(): number {
    ran.push('gainOfChild');
    return this.child?.gain ?? 0;
  }

  @cacheOnDisk
  ofChild(): number {
    ran.push('ofChild');
    return this.child?.value() ?? 0;
  }

  /** Makes what it uses. */
  @cacheOnDisk
  sumOfMade(): number {
    ran.push('sumOfMade');
    this.made ??= [new Mode(2), new Mode(3)];
    return this.made.reduce((total, mode) => total + mode.value(), 0);
  }

  /** Uses what another has made, or makes it. */
  @cacheOnDisk
  twiceMade(): number {
    ran.push('twiceMade');
    this.made ??= [new Mode(2), new Mode(3)];
    return this.made.reduce((total, mode) => total + 2 * mode.gain * mode.value(), 0);
  }
}

describe('what is attached after the tagging', () => {
  let folder: string;
  /** A loop of another process: attached to it is what `attach` attaches once it is tagged. */
  const loop = (attach: (loop: Loop) => void = () => undefined): Loop => {
    const made = tagIn(folder, new Loop(), 'night');
    attach(made);
    ran = [];
    return made;
  };
  const modes = (...gains: number[]): Mode[] => gains.map((gain) => new Mode(gain));

  beforeEach(() => {
    folder = temporaryFolder();
  });

  const ways: [what: string, fill: (loop: Loop, modes: Mode[]) => void, ask: (loop: Loop) => number][] = [
    ['members of an array', (loop, made) => loop.modes.push(...made), (loop) => loop.sum()],
    ['another array', (loop, made) => (loop.modes = made), (loop) => loop.sum()],
    ['members of an array in an array', (loop, made) => loop.groups.push(made), (loop) => loop.sumOfGroups()],
    ['arrays in an array', (loop, made) => (loop.groups = made.map((mode) => [mode])), (loop) => loop.sumOfGroups()],
    [
      'members of a Map whose parameters are read',
      (loop, made) => {
        for (const [at, mode] of made.entries()) loop.byName.set(String(at), mode);
      },
      (loop) => loop.sumByName(),
    ],
  ];
  for (const [what, fill, ask] of ways) {
    it(`counts: ${what}, one more or less`, () => {
      expect(
        ask(
          loop((made) => {
            fill(made, modes(1, 1));
          }),
        ),
      ).to.equal(2);
      expect(
        ask(
          loop((made) => {
            fill(made, modes(1, 1, 1));
          }),
        ),
      ).to.equal(3);
      expect(
        ask(
          loop((made) => {
            fill(made, modes(1));
          }),
        ),
      ).to.equal(1);
      expect(ask(loop())).to.equal(0);
    });

    it(`is found again: ${what}`, () => {
      ask(
        loop((made) => {
          fill(made, modes(1, 2));
        }),
      );
      expect(
        ask(
          loop((made) => {
            fill(made, modes(1, 2));
          }),
        ),
      ).to.equal(3);
      expect(ran).to.deep.equal([]);
    });
  }

  it('counts where the members have shorter names elsewhere', () => {
    const withBest =
      (...gains: number[]) =>
      (made: Loop): void => {
        made.modes = modes(...gains);
        made.best = made.modes[0] as Mode;
        if (gains.length === 1) made.child = made.modes[0] as Mode;
      };
    const tagged = (...gains: number[]): Loop => {
      const made = new Loop();
      withBest(...gains)(made);
      tagIn(folder, made, 'night');
      ran = [];
      return made;
    };
    expect(tagged(1).sum()).to.equal(1);
    expect(tagged(1, 1).sum()).to.equal(2);
    expect(tagged(1).sum()).to.equal(1);
    expect(tagged(1).sum()).to.equal(1);
    expect(ran).to.deep.equal([]);
  });

  it('counts where an array of members has a shorter name elsewhere', () => {
    const tagged = (...counts: number[]): Loop => {
      const made = new Loop();
      made.modes = modes(1);
      made.groups = counts.map((count, at) =>
        at === 0 ? made.modes : modes(...Array.from({ length: count }, () => 1)),
      );
      return tagIn(folder, made, 'night');
    };
    expect(tagged(1).sumOfGroups()).to.equal(1);
    expect(tagged(1, 1).sumOfGroups()).to.equal(2);
  });

  it('counts where a shared member lies in many arrays, through that of the analyzer that uses it', () => {
    class Frame extends Loop {}
    const dark = new Mode(1);
    const tagged = (last: Mode[]): Frame => {
      const frames = Array.from({ length: 30 }, (_, at) =>
        Object.assign(new Frame(), { modes: at === 29 ? last : [dark] }),
      );
      tagIn(folder, Object.assign(new Loop(), { frames }), 'night');
      return frames.at(-1) as Frame;
    };
    expect(tagged([dark]).sum()).to.equal(1);
    expect(tagged([dark, dark]).sum()).to.equal(2);
  });

  it('counts for a method with a place of its own', () => {
    const elsewhere = (...gains: number[]): Loop =>
      loop((made) => {
        getDiskCacher(made, 'sum').setTag('other', 'loop');
        made.modes = modes(...gains);
      });
    expect(elsewhere(1, 2).sum()).to.equal(3);
    const again = elsewhere(1, 2);
    expect(again.sum()).to.equal(3);
    expect(ran).to.deep.equal([]);
    expect(elsewhere(1).sum()).to.equal(1);
  });

  it('has its parameters seen though a parent read them first', () => {
    const withChild =
      (gain: number) =>
      (made: Loop): void => {
        made.child = new Mode(gain);
      };
    expect(loop(withChild(1)).gainOfChild()).to.equal(1);
    expect(loop(withChild(2)).gainOfChild()).to.equal(2);
    const again = loop(withChild(2));
    expect(again.gainOfChild()).to.equal(2);
    expect(ran).to.deep.equal([]);
    (again.child as Mode).gain = 3;
    expect(again.gainOfChild()).to.equal(3);
  });

  it('is another class, or nothing, the next time', () => {
    expect(loop((made) => (made.child = new Mode(2))).ofChild()).to.equal(2);
    class Doubled extends Mode {
      override value(): number {
        return 2 * super.value();
      }
    }
    expect(loop((made) => (made.child = new Doubled(2))).ofChild()).to.equal(4);
    expect(loop((made) => (made.child = new Other(2))).ofChild()).to.equal(2);
    expect(loop().ofChild()).to.equal(0);
  });

  it('is attached by the method itself: its result holds before that has run, and afterwards', () => {
    expect(loop().sumOfMade()).to.equal(5);
    const again = loop();
    expect(again.sumOfMade()).to.equal(5);
    expect(ran).to.deep.equal([]);
    expect(again.twiceMade()).to.equal(26);
    const last = loop();
    expect(last.twiceMade()).to.equal(26);
    expect(last.sumOfMade()).to.equal(5);
    expect(ran).to.deep.equal([]);
  });

  it('is attached by the method itself, unless another has done so before', () => {
    expect(loop().sumOfMade()).to.equal(5);
    expect(loop((made) => (made.made = modes(1))).sumOfMade()).to.equal(1);
    expect(loop((made) => (made.made = modes(1, 1, 1))).sumOfMade()).to.equal(3);
  });
});

describe('a parameter behind a #private field that no [children]() shows', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    ran = [];
  });

  class Settings {
    @parameter gain = 1;
  }

  class Inner {
    readonly settings: Settings;
    readonly #hidden: Settings;

    constructor(gain: number) {
      this.settings = Object.assign(new Settings(), { gain });
      this.#hidden = Object.assign(new Settings(), { gain });
    }

    get deepGain(): number {
      return this.#hidden.gain;
    }
  }

  class Camera {
    readonly #settings: Settings;
    readonly #inner: Inner;
    readonly #list: Settings[];
    readonly #byName: Map<string, Settings>;

    constructor(gain: number) {
      this.#settings = Object.assign(new Settings(), { gain });
      this.#inner = new Inner(gain);
      this.#list = [Object.assign(new Settings(), { gain })];
      this.#byName = new Map([['a', Object.assign(new Settings(), { gain })]]);
    }

    @cacheOnDisk
    direct(): number {
      return this.#settings.gain;
    }

    @cacheOnDisk
    further(): number {
      return this.#inner.settings.gain;
    }

    @cacheOnDisk
    hiddenFurther(): number {
      return this.#inner.deepGain;
    }

    @cacheOnDisk
    inArray(): number {
      return this.#list[0]?.gain ?? 0;
    }

    @cacheOnDisk
    inMap(): number {
      return this.#byName.get('a')?.gain ?? 0;
    }

    @cacheOnDisk
    without(): number {
      ran.push('without');
      return 5;
    }
  }

  class Wide extends Camera {}

  const methods = ['direct', 'further', 'hiddenFurther', 'inArray', 'inMap'] as const;
  for (const Class of [Camera, Wide]) {
    for (const method of methods) {
      it(`makes no result that holds for another value: ${method} of a ${Class.name}`, () => {
        expect(tagIn(folder, new Class(1), 'night')[method]()).to.equal(1);
        expect(tagIn(folder, new Class(2), 'night')[method]()).to.equal(2);
      });
    }
  }

  it('makes none in memory either, where [children]() shows others alone', () => {
    class Partly {
      readonly #shown = new Settings();
      readonly #forgotten = new Settings();

      [children](): unknown[] {
        return [this.#shown];
      }

      set gain(gain: number) {
        this.#forgotten.gain = gain;
      }

      @cacheOnDisk
      sum(): number {
        return this.#shown.gain + this.#forgotten.gain;
      }
    }
    const partly = tagIn(folder, new Partly());
    expect(partly.sum()).to.equal(2);
    partly.gain = 5;
    expect(partly.sum()).to.equal(6);
  });

  it('is no matter to what does not read it', () => {
    expect(tagIn(folder, new Camera(1), 'night').without()).to.equal(5);
    expect(tagIn(folder, new Camera(2), 'night').without()).to.equal(5);
    expect(ran).to.deep.equal(['without']);
  });

  it('is seen where its object is attached after the tagging', () => {
    class Holder {
      camera?: Camera;

      @cacheOnDisk
      gain(): number {
        return this.camera?.direct() ?? 0;
      }
    }
    for (const gain of [1, 2]) {
      const holder = tagIn(folder, new Holder(), 'night');
      holder.camera = new Camera(gain);
      expect(holder.gain()).to.equal(gain);
    }
  });
});
