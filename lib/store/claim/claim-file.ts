/**
 * The file of a claim. It appears with all its content, by link(2), which fails where there is one already: no process ever
 * reads half a claim, and only one can make it.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isErrno, removeFile, temporaryName } from '../../base/files/files.js';
import { writeNewFile } from '../../base/files/new-file.js';
import type { Owner } from './claim-owner.js';
import { readClaimText } from '../record/read-text.js';
import type { Place } from '../entry/place.js';
import type { Identity } from '../record/identity.js';
import { count, having, isIdentity, listOf, optional, text, type Check } from '../record/shape.js';

/** What a claim says. */
export interface ClaimContent extends Owner {
  /** Tells this claim from every other one. */
  nonce: string;
  /** Seconds since the epoch. */
  since: number;
  entry: Identity;
  /** Nonces of those whose claims it followed because they gave up: who waited for one of them waits no longer. */
  after: string[];
  /** Its owner ended without a result: who waits computes. */
  released?: true;
  /** The claims that its owner cannot go on without. */
  waitsFor?: { nonce: string; file: string }[];
}

/** A claim as it was found. What another program put there has no content, and its text stands for it. */
export interface FoundClaim {
  text: string;
  content?: ClaimContent;
}

/** The claim's file. Its name has the digest of the identity, so that no two identities ever share one. */
export function claimFileOf(place: Place): string {
  return `${place.alternative}.claim`;
}

/** A nonce for a new claim. */
export function newNonce(): string {
  return randomBytes(12).toString('hex');
}

/** Reads a claim; `undefined` where there is none. */
export function readClaim(file: string): FoundClaim | undefined {
  const text = readClaimText(file);
  if (text === undefined) return undefined;
  const content = parse(text);
  return content === undefined ? { text } : { text, content };
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
  after: listOf(text),
  waitsFor: optional(listOf(having({ nonce, file: text }))),
});

function parse(json: string): ClaimContent | undefined {
  try {
    const content: unknown = JSON.parse(json);
    return isClaim(content) ? (content as ClaimContent) : undefined;
  } catch {
    return undefined;
  }
}

/** Are they one claim, at two moments perhaps? */
export function isSameClaim(one: FoundClaim, other: FoundClaim): boolean {
  return one.content === undefined ? one.text === other.text : one.content.nonce === other.content?.nonce;
}

/** Makes a claim. @returns whether it was made; not where there is one already */
export function createClaim(file: string, content: ClaimContent): boolean {
  const temporary = write(file, content);
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    // Over a network the answer to a link that was made may be lost, and its repetition fails.
    if (isErrno(error, 'EEXIST')) return readClaim(file)?.content?.nonce === content.nonce;
    if (!cannotLink(error)) throw error;
    return createWithoutLink(file, content);
  } finally {
    removeFile(temporary);
  }
}

/** Some file systems have no links (FAT, some of FUSE). */
function cannotLink(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].some((code) => isErrno(error, code));
}

/** Here a reader can find the claim empty for a moment; it takes it for that of an owner who is not to be seen. */
function createWithoutLink(file: string, content: ClaimContent): boolean {
  try {
    writeNewFile(file, format(content));
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    removeFile(file);
    throw error;
  }
}

/** Puts another content in the place of a claim's, if it is still that claim. */
export function rewriteClaim(file: string, content: ClaimContent): boolean {
  if (readClaim(file)?.content?.nonce !== content.nonce) return false;
  const temporary = write(file, content);
  try {
    fs.renameSync(temporary, file);
    return true;
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/** The owner's own way of removing its claim, if it still is its. */
export function removeOwnClaim(file: string, nonce: string): boolean {
  return readClaim(file)?.content?.nonce === nonce && removeFile(file);
}

/** How long a claim's removal by another is believed in before it is done without it, in seconds. */
const removalTakes = 1;
const blockedSince = new Map<string, number>();

/**
 * Removes a claim that is dead or released, and no other, however many try at once: the process that links it to a name made of
 * its nonce may do it, alone. What is then renamed away is looked at once more, and put back if it is another claim,
 * because a process died between the two.
 * @param clock seconds
 * @returns whether it was removed by this caller
 */
export function removeDeadClaim(file: string, dead: FoundClaim, clock: number): boolean {
  const right = join(dirname(file), `claim-${dead.content?.nonce ?? 'foreign'}.dead`);
  if (!acquire(file, right, clock)) return false;
  try {
    const present = readClaim(right);
    // Read through the new name: what is there now is what will be renamed, unless another removed it before.
    return (present === undefined || isSameClaim(present, dead)) && removeExactly(file, dead);
  } finally {
    removeFile(right);
  }
}

function acquire(file: string, right: string, clock: number): boolean {
  try {
    fs.linkSync(file, right);
    blockedSince.delete(right);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    if (cannotLink(error)) return true;
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  const since = blockedSince.get(right);
  if (since === undefined) blockedSince.set(right, clock);
  if (since === undefined || clock - since < removalTakes) return false;
  blockedSince.delete(right);
  return true;
}

function removeExactly(file: string, dead: FoundClaim): boolean {
  const aside = temporaryOf(file);
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
  try {
    const moved = readClaim(aside);
    if (moved !== undefined && isSameClaim(moved, dead)) return true;
    try {
      fs.linkSync(aside, file);
    } catch (error) {
      // Another process made a claim meanwhile: then two compute, and both are right.
      if (!isErrno(error, 'EEXIST') && !cannotLink(error)) throw error;
    }
    return false;
  } finally {
    removeFile(aside);
  }
}

function write(file: string, content: ClaimContent): string {
  const temporary = temporaryOf(file);
  try {
    writeNewFile(temporary, format(content));
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  return temporary;
}

/** A short name: the claim's own may be as long as names can be. */
function temporaryOf(file: string): string {
  return temporaryName(join(dirname(file), 'claim'));
}

function format(content: ClaimContent): string {
  return `${JSON.stringify(content)}\n`;
}
