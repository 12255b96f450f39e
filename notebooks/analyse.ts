/**
 * One analysis, start to end, as a scientist would write it: make the analyzers, set the tag, ask. It runs in a process
 * of its own and tells its parent what the cache did.
 */
import { parseArgs } from 'node:util';
import { clearCache, events, setTag } from 'stowage';
import { Survey } from './analyzers/survey.js';
import { fingerprint } from './fingerprint.js';
import type { Message } from './report/message.js';
import { windows } from './windows.js';

const { values: options } = parseArgs({
  options: { resamples: { type: 'string', default: '300' }, clear: { type: 'string' } },
});
const resamples = Number(options.resamples);

/** Every question, by a name that a reader understands. Each answer is computed once, ever. */
const questions: Record<string, (survey: Survey) => unknown> = {
  'CO2: cleaned': ({ carbonDioxide }) => carbonDioxide.samples,
  'CO2: trend': ({ carbonDioxide }) => carbonDioxide.trend(),
  'CO2: seasons': ({ carbonDioxide }) => carbonDioxide.seasonalFit(2),
  'CO2: detrended': ({ carbonDioxide }) => carbonDioxide.detrended(),
  'CO2: periodogram': ({ carbonDioxide }) => carbonDioxide.periodogram(),
  'CO2: main period': ({ carbonDioxide }) => carbonDioxide.mainPeriod,
  'CO2: peaks of noise': ({ carbonDioxide }) => carbonDioxide.noisePeaks(resamples),
  'flights: table': ({ flights }) => flights.table.departures(),
  'flights: mean delay': ({ flights }) => flights.confidence('mean', resamples),
  'flights: ninth decile': ({ flights }) => flights.confidence('ninth decile', resamples),
  'flights: hour and delay': ({ flights }) => flights.density('time', 'delay', 128),
  'flights: comparison': ({ flights }) => flights.comparison('mean', resamples),
  'flights: first part of the day': ({ flights }) => [...flights.hours.values()][0]?.confidence('mean', resamples),
  'flights: shortest': ({ flights }) => flights.distances[0]?.confidence('mean', resamples),
  'California: catalogue': ({ regions }) => regions.get('California')?.catalogue,
  'California: b-value': ({ regions }) => regions.get('California')?.gutenbergRichter(resamples),
  'California: intervals': ({ regions }) => regions.get('California')?.intervals(),
  'World: b-value': ({ regions }) => regions.get('World')?.gutenbergRichter(resamples),
  'World: intervals': ({ regions }) => regions.get('World')?.intervals(),
};

function tell(message: Message): void {
  process.send?.(message);
}

for (const type of ['hit', 'store', 'stale', 'corrupt', 'uncacheable', 'mutated', 'fault'] as const) {
  events.on(type, ({ error, ...event }) => {
    tell({ kind: 'event', ...event, ...(error !== undefined && { reason: error.message }) });
  });
}

const begin = performance.now();
for (const window of windows) {
  const survey = new Survey(window, resamples);
  setTag(survey, window.name);
  if (options.clear === window.name) clearCache(survey.carbonDioxide);

  for (const [question, ask] of Object.entries(questions)) {
    const answer = await ask(survey);
    tell({ kind: 'answer', tag: window.name, question, fingerprint: fingerprint(answer) });
  }
  const findings = await survey.findings();
  tell({ kind: 'answer', tag: window.name, question: 'findings', fingerprint: fingerprint(findings) });
  for (const [name, finding] of findings) tell({ kind: 'finding', tag: window.name, name, ...finding });
}
tell({ kind: 'done', seconds: (performance.now() - begin) / 1000 });
