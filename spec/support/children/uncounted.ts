/**
 * The environment of processes of which many are started, to be killed for example: what they reach is reached in the specs'
 * own process as well, and counting it again takes longer than what they do.
 */
export function uncounted(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_V8_COVERAGE: '' };
}
