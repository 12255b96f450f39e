'use strict';
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Mocha's own spec report, and at its end the counts as "passed failed skipped" in the file of the option `counts`. */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(options.reporterOptions.counts, `${passes} ${failures} ${pending}\n`);
    });
  }
};
