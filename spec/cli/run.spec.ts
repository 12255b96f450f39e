import { expect } from 'chai';
import { COMMANDS } from '#lib/cli/commands/commands.js';
import { stowage } from '../support/output/command-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('stowage', () => {
  it('shows all commands and what its exit codes mean', async () => {
    const { code, stdout } = await stowage(['--help']);
    expect(code).to.equal(0);
    for (const { name } of COMMANDS) expect(stdout).to.include(`  ${name} `);
    expect(stdout).to.match(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /);
  });

  for (const { name } of COMMANDS) {
    it(`${name} has a help, and takes --tmpdir, --prefix and --json`, async () => {
      const { code, stdout } = await stowage([name, '--help']);
      expect(code).to.equal(0);
      for (const option of ['--tmpdir <folder>', '--prefix <prefix>', '--json']) expect(stdout).to.include(option);
    });
  }

  const misuses: [what: string, argv: string[], usage: RegExp][] = [
    ['no such command', ['list'], /unknown command 'list'.*\n.*Usage: stowage \[options\] \[command\]/s],
    ['no such option', ['ls', '--all'], /unknown option '--all'.*Usage: stowage ls \[options\] \[patterns\.\.\.\]/s],
    [
      'an argument that is missing',
      ['show'],
      /missing required argument 'entry'.*Usage: stowage show \[options\] <entry>/s,
    ],
    ['one argument too many', ['show', 'a', 'b'], /too many arguments.*Usage: stowage show/s],
    ['no value of an option', ['ls', '--tmpdir'], /argument missing.*Usage: stowage ls/s],
    ['no length of time', ['prune', '--older-than', 'long'], /'long' is no length of time.*Usage: stowage prune/s],
    [
      'a length of time without a unit',
      ['prune', '--older-than', '30'],
      /'30' says no unit: .*s, min, h, d, w.*Usage: stowage prune/s,
    ],
    [
      'a size without a unit',
      ['prune', '--max-size', '10'],
      /'10' says no unit: .*B, kB, MB, GB.*Usage: stowage prune/s,
    ],
    [
      'no size',
      ['prune', '--max-size', '10 bananas'],
      /'10 bananas' has the unknown unit 'bananas'.*Usage: stowage prune/s,
    ],
    ['nothing to prune by', ['prune'], /say what is to go.*Usage: stowage prune/s],
    ['nothing to clear', ['clear'], /missing required argument.*Usage: stowage clear/s],
    ['a pattern that leaves the folder', ['ls', '../etc'], /'..\/etc' is no pattern.*Usage: stowage ls/s],
    ['no level', ['du', '--by', 'size'], /--by takes tag, class, method, not 'size'.*Usage: stowage du/s],
    ['a picture of no known kind', ['show', 'x', '--plot', 'x.pdf'], /writes \.svg and \.png.*Usage: stowage show/s],
    ['two forms at once', ['lineage', 'x', '--dot', '--json'], /exclude each other.*Usage: stowage lineage/s],
  ];
  for (const [what, argv, said] of misuses) {
    it(`says how it is used, and returns 2, where there is ${what}`, async () => {
      const { code, stdout, stderr } = await stowage(argv, { env: { STOWAGE_TMPDIR: temporaryFolder() } });
      expect(stderr).to.match(said);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
    });
  }

  it('says where there is no folder of tags, and returns 1', async () => {
    const { code, stderr } = await stowage(['ls', '--tmpdir', '/nowhere/at/all']);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      'stowage ls: the folder of tags /nowhere/at/all does not exist: name another with --tmpdir or STOWAGE_TMPDIR\n',
    );
  });

  it('says of what is not there that it is not, and what is', async () => {
    const { code, stderr } = await stowage(['verify', 'nihgt'], { env: { STOWAGE_TMPDIR: temporaryFolder() } });
    expect(code).to.equal(1);
    expect(stderr).to.match(/no tag fits 'nihgt' in .*: there is none at all/);
  });
});
