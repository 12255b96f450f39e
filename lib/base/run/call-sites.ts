/** The calls that are under way, as Node tells of them: by the files that run, whatever source maps say. */
import * as util from 'node:util';

/** A call that is under way. */
export interface CallSite {
  /** Path or address of the script; `''` for code of `eval`. */
  scriptName: string;
  scriptId?: string;
  lineNumber: number | null;
  columnNumber?: number | null;
}

/** As many calls as Node tells of at most. */
const MOST = 200;

/** The innermost first, which is in this file; nothing is known where Error is frozen, on Node 20. */
export function callSites(): CallSite[] {
  // Since Node 22, which then did not yet say which script it is.
  const { getCallSites } = util as { getCallSites?: (count: number, options: object) => CallSite[] };
  return getCallSites?.(MOST, { sourceMap: false }) ?? sitesOfError();
}

function sitesOfError(): CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: NodeJS.CallSite[] } = {};
  try {
    Error.stackTraceLimit = MOST;
    Error.prepareStackTrace = (_, frames) => frames;
    Error.captureStackTrace(holder);
    return (holder.stack ?? []).map((frame) => ({
      scriptName: frame.getScriptNameOrSourceURL() ?? '',
      lineNumber: frame.getLineNumber(),
      columnNumber: frame.getColumnNumber(),
    }));
  } catch {
    return [];
  } finally {
    try {
      Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    } catch {
      // Then nothing was set.
    }
  }
}
