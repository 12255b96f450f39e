/**
 * Asks for every result of a night: says how what is stored stands under the code of this process, then what the results
 * are, and which had to be computed. With `--accept`, what is stored is said to be right before it is used.
 */
import { accept, events, explain } from 'stowage';
import { Night } from './night.js';

const night = Night.get('20240410_050500');

function explainEach(): void {
  for (const method of ['counts', 'bias', 'electrons', 'background', 'limit', 'flux'] as const) {
    const { state, reasons } = explain(night, method);
    console.log(`${method.padEnd(10)} ${state.padEnd(7)} ${reasons.join('; ')}`.trimEnd());
  }
}

explainEach();
if (process.argv.includes('--accept')) {
  console.log(`records stamped: ${accept(night)}`);
  explainEach();
}

const computed: string[] = [];
events.on('store', ({ method }) => computed.push(method));
console.log(`flux ${night.flux().toFixed(1)}, limit ${night.limit().toFixed(1)}, bias ${night.bias()}`);
console.log(`computed: ${computed.join(', ') || 'nothing'}`);
