/** The exit codes of the command, and their help. */

/** What the command's exit code tells a script. */
export const EXIT_CODE = {
  /** It was done, and all is well. */
  fine: 0,
  /** Something was found (a damaged entry, a stale one, nothing of that name), or could not be done. */
  found: 1,
  /** The command line makes no sense; a usage line is on stderr. */
  usage: 2,
  /** Ended by Ctrl-C or SIGTERM; what was done until then is whole. */
  interrupted: 130,
} as const;

/** The same for the help, in its order. */
export const EXIT_CODE_HELP = `Exit codes:
  0    done, and all is well
  1    something was found (damage, a stale entry, nothing of that name) or could not be done
  2    bad usage, or a confirmation is needed and there is no terminal: see --yes
  130  interrupted; what was done until then is whole`;
