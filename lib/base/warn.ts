/** One line a cause on stderr, as a process warning: what `--no-warnings` and `process.on('warning')` know. */

const said = new Set<string>();

/** Warns once a process for each cause. `code` is stable; `message` says what happened, where and what to do. */
export function warnOnce(code: string, cause: string, message: string): void {
  const id = `${code} ${cause}`;
  if (said.has(id)) return;
  said.add(id);
  process.emitWarning(message, { type: 'StowageWarning', code });
}

/** Warns while the process exits, when an ordinary warning would come too late: it waits for a turn that never comes. */
export function warnAtExit(code: string, message: string): void {
  const warning = Object.assign(new Error(message), { name: 'StowageWarning', code });
  process.emit('warning', warning);
}
