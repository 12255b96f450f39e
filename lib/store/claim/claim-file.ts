/**
 * The file of a claim. It appears with all its content, by link(2), which fails where there is one already: no process ever
 * reads half a claim, and only one can make it.
 */
import { hash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isErrno, removeFile, temporaryName } from '../../base/files/files.js';
import { createFile, type Around } from '../../base/files/new-file.js';
import type { Runner } from '../../base/run/liveness.js';
import { isStackOverflow } from '../../base/run/stack-overflow.js';
import { readClaimText } from '../record/read-text.js';
import type { Place } from '../disk/place.js';
import type { Identity } from '../record/identity.js';
import { count, having, isIdentity, listOf, optional, text, type Check } from '../record/shape.js';

/** What a claim says: beside the rest, which thread holds it. */
export interface ClaimContent extends Runner {
  /** Tells this claim from every other one. */
  nonce: string;
  /** Seconds since the epoch. */
  since: number;
  entry: Identity;
  /** The nonce of the claim whose place it took because its owner was dead. */
  insteadOf?: string;
  /** The claims that its owner cannot go on without. */
  waitsFor?: WaitedFor[];
}

/** A claim that is waited for. */
export interface WaitedFor {
  nonce: string;
  file: string;
}

/** A claim as it was found. What another program put there has no content. */
export interface FoundClaim {
  /** The nonce, or a digest of what else is there. */
  id: string;
  content?: ClaimContent;
}

/** The claim's file. Its name has the digest of the identity, so that no two identities ever share one. */
export function claimFileOf(place: Place): string {
  return `${place.alternative}.claim`;
}

/** Where the claim is made that is to take the place of a dead one. */
export function successorOf(file: string, dead: FoundClaim): string {
  return join(dirname(file), `claim-${dead.id}.claim`);
}

const ofThread = randomBytes(8).toString('hex');
let made = 0;

/** A nonce for a new claim. Asked for random bytes at the end of the stack, Node.js may throw `undefined`. */
export function newNonce(): string {
  return `${ofThread}${(++made).toString(16).padStart(8, '0')}`;
}

/** Reads a claim; `undefined` where there is none. */
export function readClaim(file: string): FoundClaim | undefined {
  const text = readClaimText(file);
  if (text === undefined) return undefined;
  const content = parse(text);
  return content === undefined ? { id: hash('sha256', text).slice(0, 24) } : { id: content.nonce, content };
}

const nonce: Check = (value) => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);

/** What another program wrote may be JSON all the same. */
const isClaim = having({
  nonce,
  host: text,
  pid: count,
  boot: optional(text),
  pidNamespace: optional(text),
  thread: optional(count),
  started: optional(text),
  // As much as a date can be.
  since: (value) => typeof value === 'number' && Math.abs(value) <= 8.64e12,
  entry: isIdentity,
  insteadOf: optional(text),
  waitsFor: optional(listOf(having({ nonce, file: text }))),
});

function parse(json: string): ClaimContent | undefined {
  try {
    const content: unknown = JSON.parse(json);
    return isClaim(content) ? (content as ClaimContent) : undefined;
  } catch (error) {
    // What fails for want of stack must not pass for damage.
    if (isStackOverflow(error)) throw error;
    return undefined;
  }
}

/** What file systems say that have no links (FAT, some of FUSE). */
const LINKLESS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Makes a claim.
 * @param around its folder, where that has just been looked at
 * @returns the number of its file; `undefined` where there is a claim already
 */
export function createClaim(file: string, content: ClaimContent, around?: Around): number | undefined {
  try {
    return writeBeside(file, content, around, (temporary) => {
      try {
        fs.linkSync(temporary, file);
        return true;
      } catch (error) {
        if (!LINKLESS.some((code) => isErrno(error, code))) throw error;
        // Here a reader can find the claim empty for a moment; it takes it for that of an owner who is not to be seen.
        fs.copyFileSync(temporary, file, fs.constants.COPYFILE_EXCL);
        return false;
      }
    });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    // Over a network the answer to a link that was made may be lost, and its repetition fails.
    return readClaim(file)?.id === content.nonce ? fs.lstatSync(file).ino : undefined;
  }
}

/** Puts another content in the place of a claim's, if it is still that claim. @returns the number of its file */
export function rewriteClaim(file: string, content: ClaimContent): number | undefined {
  if (readClaim(file)?.id !== content.nonce) return undefined;
  return writeBeside(file, content, undefined, (temporary) => {
    fs.renameSync(temporary, file);
    return true;
  });
}

/**
 * Writes a claim under a short name, since its own may be as long as names can be.
 * @param put makes it the claim; `false` where that is a copy
 * @returns the number of the claim's file
 */
function writeBeside(
  file: string,
  content: ClaimContent,
  around: Around | undefined,
  put: (temporary: string) => boolean,
): number {
  const temporary = temporaryName(join(dirname(file), 'claim'));
  const fd = createFile(temporary, false, around);
  try {
    fs.writeFileSync(fd, `${JSON.stringify(content)}\n`);
    return (put(temporary) ? fs.fstatSync(fd) : fs.lstatSync(file)).ino;
  } finally {
    fs.closeSync(fd);
    removeFile(temporary);
  }
}

/**
 * Removes a claim, if its file is still this one. For its owner alone: another one's is only ever taken over.
 * @param number of the file; `undefined` where that is not known, since the call was cut off while it made the claim
 */
export function removeClaim(file: string, number: number | undefined, nonce: string): void {
  const found = fs.lstatSync(file, { throwIfNoEntry: false })?.ino;
  if (found === undefined) return;
  // Through sshfs, both names of a file have numbers of their own.
  if (found === number || readClaim(file)?.id === nonce) removeFile(file);
}
