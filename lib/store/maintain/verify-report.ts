/** What verifying a folder tells. */
import { htmlTable, showInNotebook } from '../../show/notebook.js';
import type { Identity } from '../record/identity.js';

/**
 * - `'damaged record'`: its seal is not that of its text
 * - `'missing data'`, `'wrong size'`, `'wrong checksum'`: the data is not what the record says
 * - `'leftover'`: a temporary file whose writer is dead, or an earlier version that no entry speaks of
 * - `'orphan'`: data under a name, or in a format, that only Stowage writes, and no record of it
 * - `'unreadable'`: right, but not for this process: of another runtime, of a later version, of a class or codec that is not
 *   registered here
 * - `'foreign'`: not ours
 */
export type VerifyProblem =
  | 'damaged record'
  | 'missing data'
  | 'wrong size'
  | 'wrong checksum'
  | 'leftover'
  | 'orphan'
  | 'unreadable'
  | 'foreign';

/** One file, or one entry, that is not as it should be. */
export interface VerifyFinding {
  /** The record, or the file itself where there is none. */
  file: string;
  problem: VerifyProblem;
  /** In words. */
  detail: string;
  /** Whose result it is, where that can be said. */
  identity?: Identity;
  /** It is gone now. */
  removed?: true;
}

/** What `verify` found. */
export interface VerifyReport {
  /** The tag's folder. */
  folder: string;
  /** How many entries were looked at, and how many of them are sound. */
  entries: number;
  sound: number;
  /** How many of the sound ones have had their data removed by `stowage prune`. */
  pruned: number;
  /** How many of the sound ones are earlier versions of others. */
  versions: number;
  /** Bytes of data of the sound entries. */
  bytes: number;
  /** How many findings there are of each kind. */
  problems: Record<VerifyProblem, number>;
  findings: VerifyFinding[];
}

/** A report before anything is found. */
export function emptyReport(folder: string): VerifyReport {
  const problems: Record<VerifyProblem, number> = {
    'damaged record': 0,
    'missing data': 0,
    'wrong size': 0,
    'wrong checksum': 0,
    leftover: 0,
    orphan: 0,
    unreadable: 0,
    foreign: 0,
  };
  const report: VerifyReport = {
    folder,
    entries: 0,
    sound: 0,
    pruned: 0,
    versions: 0,
    bytes: 0,
    problems,
    findings: [],
  };
  return showInNotebook(report, ({ entries, sound, findings }) => ({
    html: htmlTable(
      ['file', 'problem', 'detail'],
      findings.map(({ file, problem, detail }) => [file, problem, detail]),
    ),
    text: `${sound} of ${entries} entries of ${folder} are sound`,
  }));
}
