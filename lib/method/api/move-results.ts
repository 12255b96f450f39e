/** `push` and `pull`: all that is stored for an analyzer, to a remote and from there. */
import { InvalidOptionError } from '../../base/errors.js';
import { refuseIfReadonly } from '../../base/settings.js';
import { checked, ofType, that, type Check } from '../../base/text/check-options.js';
import type { Backend } from '../../remote/contract/backend.js';
import type { Signer } from '../../remote/contract/signature.js';
import type { PullReport } from '../../remote/work/pull-folder.js';
import type { PushReport } from '../../remote/work/push-folder.js';
import { tagFolder } from '../../store/disk/place.js';
import type { Identity } from '../../store/record/identity.js';
import { belongsTo, partsOf, type Part } from '../hierarchy/subtree.js';
import { remoteOf, type Remote } from '../state/remotes.js';

/** How results are moved. */
export interface MoveResultsOptions {
  /** Told after each result of a tag. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Ends it between two results; what was moved until then is whole. */
  signal?: AbortSignal;
}

const CHECKS: Record<keyof MoveResultsOptions, Check> = {
  onProgress: ofType('function'),
  signal: that('an AbortSignal', (value) => value instanceof AbortSignal),
};

/**
 * Pushes what is stored for an object and everything below it to its remote: what is there already is not sent again, so that it can be
 * repeated at any time, after a program was killed for example. Earlier versions of results stay here.
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers
 * @throws InvalidOptionError where it has no remote, or one that is only read
 * @throws RemoteError where the remote fails; what was pushed until then is there
 */
export async function push(object: object, options: MoveResultsOptions = {}): Promise<PushReport> {
  const given = checked(options, CHECKS, 'push') as MoveResultsOptions;
  const report: PushReport = { pushed: 0, present: 0, skipped: 0, bytes: 0 };
  for (const part of taggedParts(object, 'push')) {
    const { settings, backend, signer } = await opened(part, 'push');
    if (settings.mode === 'read')
      throw new InvalidOptionError(`push: ${settings.url} is only read: give setRemote mode: 'read-write'`);
    const { pushFolder } = await import('../../remote/work/push-folder.js');
    const { tmpdir, prefix, tag = '' } = part.root;
    const folder = tagFolder(tmpdir, prefix, tag);
    const matches = (identity: Identity): boolean => belongsTo(part, identity);
    add<keyof PushReport>(report, await pushFolder(folder, backend, signer, { ...given, matches }));
  }
  return report;
}

/**
 * Takes from the remote of an object what that has for it and everything below it, and what is not stored here: each result as it was
 * when it was pushed. Whether it still holds is asked when it is used, as of all that is stored.
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers
 * @throws InvalidOptionError where it has no remote
 * @throws RemoteError where the remote fails; what was pulled until then is here
 * @throws ReadonlyError where nothing may be written
 */
export async function pull(object: object, options: MoveResultsOptions = {}): Promise<PullReport> {
  const given = checked(options, CHECKS, 'pull') as MoveResultsOptions;
  refuseIfReadonly('pull');
  const report: PullReport = { pulled: 0, present: 0, skipped: 0, refused: [], bytes: 0 };
  for (const part of taggedParts(object, 'pull')) {
    const { backend, signer } = await opened(part, 'pull');
    const { pullFolder } = await import('../../remote/work/pull-folder.js');
    const { tagPrefix } = await import('../../remote/contract/layout.js');
    const { tmpdir, prefix, tag = '' } = part.root;
    const place = { tmpdir, folder: tagFolder(tmpdir, prefix, tag), prefix: tagPrefix({ prefix, tag }) };
    const { refused, ...counts } = await pullFolder(place, backend, signer, {
      ...given,
      matches: (identity) => belongsTo(part, identity),
    });
    add<keyof typeof counts>(report, counts);
    report.refused.push(...refused);
  }
  return report;
}

function taggedParts(object: object, caller: string): Part[] {
  const parts = partsOf(object, caller).filter(({ root }) => root.tag !== undefined);
  if (parts.length > 0) return parts;
  throw new InvalidOptionError(`${caller} moves the results of a tag: call setTag(root, tag) first`);
}

async function opened({ root }: Part, caller: string): Promise<Pick<Remote, 'settings'> & OpenedRemote> {
  const remote = remoteOf(root);
  if (remote === undefined)
    throw new InvalidOptionError(`${caller} needs a remote: call setRemote first, or set STOWAGE_REMOTE`);
  // What was computed so far is on its way.
  await remote.thread.whenIdle();
  const { openBackend } = await import('../../remote/backend/open-backend.js');
  const { signerOf } = await import('../../remote/contract/signature.js');
  const { settings } = remote;
  return { settings, backend: openBackend(settings), signer: signerOf(settings.key) };
}

interface OpenedRemote {
  backend: Backend;
  signer: Signer | undefined;
}

/** Adds up what the parts came to. */
function add<Name extends string>(report: Record<Name, number>, counts: Record<Name, number>): void {
  for (const name of Object.keys(counts) as Name[]) report[name] += counts[name];
}
