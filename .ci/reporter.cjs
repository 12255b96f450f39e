'use strict';
const { appendFileSync, writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/**
 * Mocha's own spec report. At its end the counts, as "passed failed skipped", are in the file of the option `counts`, and
 * what failed in the file of the option `failures`: a log of which only the end is kept still says what it was.
 */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { counts, failures: log } = options.reporterOptions;
    runner.on('fail', (test, error) => {
      const said = String(error?.stack ?? error?.message ?? error);
      appendFileSync(log, `${test.fullTitle()}\n  ${test.file ?? ''}\n${said.slice(0, 2_000)}\n\n`);
    });
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(counts, `${passes} ${failures} ${pending}\n`);
    });
  }
};
