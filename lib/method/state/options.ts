/** The options of `@cacheOnDisk({...})`, and the defaults that `configure` changes for all of them. */
import { checked, ofType, oneOf, text, that, time, type Check } from '../../base/text/check-options.js';
import type { Duration } from '../../base/text/duration.js';
import { setReadonly, settings as processSettings } from '../../base/settings.js';
import { setCodeDepth } from '../../code/code-of.js';
import { DEPTHS, type CodeDepth } from '../../code/part/code.js';
import type { Validate } from '../../call/validate-result.js';
import { compressCheck, type CompressOption } from '../../codec/press/compress-option.js';
import type { Compression } from '../../codec/press/methods.js';
import type { RemotePlace, RemoteSettings } from '../../remote/contract/remote-options.js';
import { remoteCheck, setCommonRemote } from './remotes.js';
import { codecCheck } from '../../codec/codec-option.js';

/** What to do when the analyzer's own primitive fields differ from those a stored result was computed with. */
export type ChangePolicy = 'warn' | 'recompute' | 'ignore';

/** What a hit in memory hands out. */
export type MutationPolicy = 'share' | 'copy' | 'check';

/** Options that have a default for all methods, which `configure` changes. */
export interface SharedOptions {
  /** Seconds (or a duration object) after which a stored result is computed again. @defaultValue for ever */
  lifetime?: number | Duration;
  /**
   * `'warn'` uses the result and says once a process what changed, `'recompute'` computes again, `'ignore'` neither.
   * @defaultValue `'warn'`; `'recompute'` for analyzers reached by an array or Set index, which may have moved
   */
  onStateChange?: ChangePolicy;
  /**
   * When the code of the method, or of what it reaches, is not what it was (comments, types, white space and names of local
   * variables aside): `'recompute'` computes again; `'warn'` uses the result and says so once a process, until it is
   * accepted; `'ignore'` neither.
   * @defaultValue `'recompute'`
   */
  onCodeChange?: ChangePolicy;
  /**
   * How many results of other code are kept beside the present one of a call, to be used again when that code is back; of
   * more, the one that was kept first is removed. `0`: none.
   * @defaultValue 3
   */
  keepVersions?: number;
  /**
   * `'share'`: every hit is the same object. `'copy'`: every hit is a fresh copy. `'check'`: the same object, digested
   * at every hit; one that its callers changed is dropped, named in an event and loaded again.
   * @defaultValue `'share'`
   */
  mutation?: MutationPolicy;
  /** Wait until the disk has a result; without, a power cut may lose it, but never make it wrong. @defaultValue `true` */
  durable?: boolean;
  /** Calls of the same, in this process or another, wait for the first and load its result. @defaultValue `true` */
  claim?: boolean;
  /** Stores results compressed; those that are stored already stay as they are. @defaultValue `false` */
  compress?: CompressOption;
}

/**
 * Options of one method.
 * @typeParam Args the arguments of the method, as far as `key` and `refresh` look at them
 */
export interface CacheOnDiskOptions<Args extends readonly unknown[] = never> extends SharedOptions {
  /** `'arguments'`: one result whatever the arguments, as arte does. @defaultValue nothing: arguments tell calls apart */
  ignore?: 'arguments';
  /** @deprecated `'ignore'` is called `ignore: 'arguments'`, and `'key'` holds without saying */
  args?: 'key' | 'ignore';
  /** What identifies a call, instead of its arguments. Called with the analyzer as `this`. */
  key?: (...args: Args) => unknown;
  /** Names the method in place of `Class.method` and of the concrete class, so that both can be renamed. */
  name?: string;
  /** Part of the identity: change it and every result is computed anew, with the old ones kept. */
  version?: string | number;
  /** Name of the codec to use, whatever the value. @defaultValue the first that takes the value */
  codec?: string;
  /** `true`: compute and store again, at every call, or where a function says so, which is called with the analyzer as `this`. */
  refresh?: boolean | ((...args: Args) => boolean);
  /**
   * Asked at every call for which there is a result, whether it still holds; called with the analyzer as `this`. `false`: it is
   * computed again.
   */
  validate?: Validate;
}

/** Options after checking. */
export interface CheckedOptions {
  ignore: 'arguments' | undefined;
  key: ((...args: unknown[]) => unknown) | undefined;
  name: string | undefined;
  version: string | undefined;
  codec: string | undefined;
  refresh: boolean | ((...args: unknown[]) => boolean) | undefined;
  validate: Validate | undefined;
  compress: Compression | false | undefined;
  lifetime: number | undefined;
  onStateChange: ChangePolicy | undefined;
  onCodeChange: ChangePolicy | undefined;
  keepVersions: number | undefined;
  mutation: MutationPolicy | undefined;
  durable: boolean | undefined;
  claim: boolean | undefined;
}

const versionCheck: Check = (value, option) => {
  const version = ofType('string', 'number')(value, option);
  return `${typeof version} ${String(version)}`;
};

const SHARED_CHECKS: Record<keyof SharedOptions, Check> = {
  lifetime: time,
  onCodeChange: oneOf('warn', 'recompute', 'ignore'),
  onStateChange: oneOf('warn', 'recompute', 'ignore'),
  keepVersions: that(
    'a whole number of versions, such as 3, or 0 for none',
    (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  ),
  mutation: oneOf('share', 'copy', 'check'),
  durable: ofType('boolean'),
  claim: ofType('boolean'),
  compress: compressCheck,
};

const CHECKS: Record<Exclude<keyof CacheOnDiskOptions, 'args'>, Check> = {
  ...SHARED_CHECKS,
  ignore: oneOf('arguments'),
  key: ofType('function'),
  name: text,
  version: versionCheck,
  codec: codecCheck,
  refresh: ofType('boolean', 'function'),
  validate: ofType('function'),
};

const RENAMES = { args: ['ignore', { ignore: 'arguments', key: undefined }] } as const;

/** @throws InvalidOptionError where an option is unknown or not what it must be */
export function checkOptions(options: object, where: string): CheckedOptions {
  return checked(options, CHECKS, where, RENAMES) as unknown as CheckedOptions;
}

/** The options as they hold for one call. */
export interface EffectiveOptions {
  lifetime: number;
  onStateChange: ChangePolicy;
  onCodeChange: ChangePolicy;
  keepVersions: number;
  mutation: MutationPolicy;
  durable: boolean;
  claim: boolean;
  compress: Compression | false;
}

/** A method's own options, then the process's defaults, then the built-in ones. */
export function effectiveOptions(own: CheckedOptions, byIndex: boolean): EffectiveOptions {
  const { shared } = settings;
  return {
    lifetime: own.lifetime ?? shared.lifetime ?? Infinity,
    onStateChange: own.onStateChange ?? shared.onStateChange ?? (byIndex ? 'recompute' : 'warn'),
    onCodeChange: codePolicy(own),
    keepVersions: own.keepVersions ?? shared.keepVersions ?? 3,
    mutation: own.mutation ?? shared.mutation ?? 'share',
    durable: own.durable ?? shared.durable ?? true,
    claim: own.claim ?? shared.claim ?? true,
    compress: own.compress ?? shared.compress ?? false,
  };
}

/** What a change of a method's code does. */
export function codePolicy(own: CheckedOptions): ChangePolicy {
  return own.onCodeChange ?? settings.shared.onCodeChange ?? 'recompute';
}

/** What `configure` takes beside the shared options. */
export interface Configuration extends SharedOptions {
  /** Load and never write, as the environment variable `STOWAGE=readonly` says. @defaultValue `false` */
  readonly?: boolean;
  /** Permission bits of new folders. @defaultValue `0o700`, private to the user */
  permissions?: number;
  /**
   * The longest that a call waits for another that computes the same, in seconds or as a duration object; then it
   * computes as well. @defaultValue 10 minutes
   */
  claimWait?: number | Duration;
  /**
   * How far the code of methods and functions is looked into: `'method'`, its own text alone; `'package'`, whatever it reaches
   * in the program's own files, an installed package counting as its name and version; `'all'`, into installed packages, too.
   * @defaultValue `'package'`
   */
  codeDepth?: CodeDepth;
  /**
   * Where results are taken from that others have computed, and pushed to: see {@link setRemote}. `false`: nowhere.
   * @defaultValue the environment variable `STOWAGE_REMOTE`
   */
  remote?: string | URL | RemotePlace | false;
}

const shared: Partial<CheckedOptions> = {};

/** The settings of the process, and the defaults of the shared options among them. */
export const settings = Object.assign(processSettings, { shared });

const CONFIGURATION_CHECKS: Record<keyof Configuration, Check> = {
  ...SHARED_CHECKS,
  readonly: ofType('boolean'),
  claimWait: time,
  codeDepth: oneOf(...DEPTHS),
  remote: remoteCheck,
  permissions: that(
    'permission bits that let the user in, such as 0o750',
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0o700 && value <= 0o7777,
  ),
};

/**
 * Sets defaults for every cached method of the process. What is not mentioned stays as it is, and so does what is in
 * memory already.
 * @throws InvalidOptionError where an option is unknown or not what it must be; then nothing is changed
 */
export function configure(configuration: Configuration): void {
  const { readonly, permissions, claimWait, codeDepth, remote, ...shared } = checked(
    configuration,
    CONFIGURATION_CHECKS,
    'configure',
  );
  if (readonly !== undefined) setReadonly(readonly as boolean);
  if (permissions !== undefined) settings.permissions = permissions as number;
  if (codeDepth !== undefined) setCodeDepth(codeDepth as CodeDepth);
  if (claimWait !== undefined) settings.claimWait = claimWait as number;
  if (remote !== undefined) setCommonRemote(remote as RemoteSettings | false);
  Object.assign(settings.shared, shared);
}
