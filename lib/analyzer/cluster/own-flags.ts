/** With which flags another process of Node.js runs the user's module as this one does. */

/** Flags of this process alone, and how many words each takes behind it where it has no `=`. */
const OF_THIS_PROCESS: readonly [flag: RegExp, words: number][] = [
  [/^(-e|--eval|-p|-pe|--print)$/, 1],
  [/^(--eval|--print)=/, 0],
  [/^--(inspect|debug|test|watch|input-type|interactive|check|cpu-prof|heap-prof|prof)\b/, 0],
  [/^(-i|-c)$/, 0],
];

/** Those flags of Node.js by which modules are loaded and run: `--import`, `--conditions`, `--enable-source-maps` and others. */
export function ownFlags(flags: readonly string[] = process.execArgv): string[] {
  const kept: string[] = [];
  for (let place = 0; place < flags.length; place++) {
    const flag = flags[place] ?? '';
    const [, words] = OF_THIS_PROCESS.find(([pattern]) => pattern.test(flag)) ?? [];
    if (words === undefined) kept.push(flag);
    else place += words;
  }
  return kept;
}
