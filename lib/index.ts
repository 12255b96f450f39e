/**
 * The public face of Stowage. Where to find what; ARCHITECTURE.md has all rooms, and the way of a call file by file:
 *
 * - the decorator and the other verbs: `method/api/`, one a file; tags and the walk: `method/hierarchy/`
 * - the call: `method/call/wrapper.ts`, then `call/`, the one way of methods and functions; what was used: `trace/`
 * - the store: `store/entry/`, on `store/record/` and `store/disk/`; claims: `store/claim/`; verifying and clearing: `store/maintain/`
 * - a store beyond the machine: `remote/`, on its own thread; `method/call/bring-result.ts` asks it
 * - codecs: `codec/`, a folder a format; values of other libraries: `library/adapters/`, one a file; keys and names: `key/`; what a function is: `code/`; pictures: `show/`
 * - analyzers, sets of them, computing ahead: `analyzer/`
 * - `stowage/kv`, key-value caches: `kv/`; `stowage/recipe`, locks: `recipe/`; `stowage/memo`, functions and buckets: `memo/`;
 *   `stowage/manager`, managed caches: `manager/`
 * - the command line: `cli/commands/`, one a file; errors, events, files, flows: `base/`
 *
 * @module stowage
 */
export * from './base/errors.js';
export { setDataRoot } from './base/files/data-roots.js';
export { events, type Events, type EventType, type StowageEvent } from './base/events.js';
export type { Duration } from './base/text/duration.js';
export type { Codec, Encoded, ValueNotes } from './codec/shared/codec.js';
export type { LibraryInRecord } from './library/file-form.js';
export type { LibraryNote, ModuleForm } from './library/contract/library-note.js';
export { registerCodec } from './codec/registry.js';
export { registerClass, type AnyClass, type RegisterClassOptions } from './key/classes/class-registry.js';
export { cacheKey, children } from './key/classes/symbols.js';
export { cacheOnDisk, type CacheDecorator, type CacheOnDisk } from './method/api/cache-on-disk.js';
export type { AboutCall, Answer, ArgumentsOf, MemberName, Plain, ValueOf } from './method/report/about-call.js';
export { accept } from './method/api/accept.js';
export { adopt, type AdoptOptions, type AdoptReport } from './method/api/adopt.js';
export { dependsOn, dependsOnFile } from './method/api/depends-on.js';
export { clearCache, forget } from './method/api/clearing.js';
export { DiskCacher, getDiskCacher } from './method/api/disk-cacher.js';
export { explain, type EntryState, type Explanation } from './method/report/explain.js';
export { explainAll, type ExplainedEntry } from './method/report/explain-all.js';
export { status } from './method/report/status.js';
export type { MethodStatus, StatusState } from './method/report/method-status.js';
export type { StoredFacts } from './method/report/stored-facts.js';
export { lineage } from './method/report/lineage.js';
export type { Lineage } from './method/report/lineage-graph.js';
export type {
  LineageEdge,
  LineageEntry,
  LineageFile,
  LineageNode,
  LineageParameter,
} from './method/report/lineage-node.js';
export { peek, record } from './method/report/inspect.js';
export { reduceSize } from './method/api/reduce-size.js';
export { reference } from './method/api/reference.js';
export type { Reference } from './call/reference.js';
export type { ResultInfo, Validate } from './call/validate-result.js';
export type { Reduced, SizeLimits } from './store/maintain/reduce-size.js';
export type { CompressOption } from './codec/press/compress-option.js';
export type { Compression, CompressionMethod } from './codec/press/methods.js';
export { invalidate } from './method/api/invalidate.js';
export { revalidate } from './method/api/revalidate.js';
export type { MethodName } from './method/call/locate.js';
export { verify, type VerifyOptions } from './method/report/verify.js';
export type { VerifyFinding, VerifyProblem, VerifyReport } from './store/maintain/verify-report.js';
export type { Identity } from './store/record/identity.js';
export type { CodeDepth, Part, PartKind } from './code/part/code.js';
export type { CodeSeen } from './store/record/code-seen.js';
export type { EntryRecord, VersionNote } from './store/record/record.js';
export type {
  StoredArguments,
  Traced,
  TracedCall,
  TracedFile,
  TracedParameter,
  TracedRoot,
} from './store/record/traced.js';
export { flushRemote, setRemote } from './method/api/set-remote.js';
export { pull, push, type MoveResultsOptions } from './method/api/move-results.js';
export type { RemoteCredentials } from './remote/contract/credentials.js';
export type { RemoteOptions, RemotePlace } from './remote/contract/remote-options.js';
export type { RemoteKey, RemoteKeys } from './remote/contract/signature.js';
export type { PushReport } from './remote/work/push-folder.js';
export type { PullReport, RefusedObject } from './remote/work/pull-folder.js';
export { setLogfile, type LogLevel } from './method/api/log-file.js';
export {
  configure,
  type CacheOnDiskOptions,
  /** @deprecated it is called `CacheOnDiskOptions` */
  type CacheOnDiskOptions as CacheOptions,
  type ChangePolicy,
  type Configuration,
  type MutationPolicy,
  type SharedOptions,
} from './method/state/options.js';
export { parameter, type ParameterDecorator } from './method/api/parameter.js';
export { setPrefix, setTag, setTmpdir, untag } from './method/hierarchy/tagging.js';
export { setMemoryBudget } from './method/api/memory-budget.js';
export {
  Analyzer,
  type AnalyzerClass,
  type AnalyzerInfo,
  type GetArguments,
  type GetOptions,
} from './analyzer/single/analyzer.js';
export {
  AnalyzerSet,
  type EachOptions,
  type Mapped,
  type SetArguments,
  type AnalyzerSetOptions,
  /** @deprecated it is called `AnalyzerSetOptions` */
  type AnalyzerSetOptions as SetOptions,
} from './analyzer/set/analyzer-set.js';
export type { Broadcast } from './analyzer/set/broadcast.js';
export { dateOfTag } from './analyzer/single/date-of-tag.js';
export type { Gathered } from './analyzer/set/gather.js';
export { AnalyzerSetError, type SetResults } from './analyzer/set/set-results.js';
export type { TableOptions } from './analyzer/set/table-of-rows.js';
export type { DateRange, TagSelection } from './analyzer/set/tag-selection.js';
export {
  precompute,
  precomputeTags,
  type MethodToCompute,
  type PrecomputeOptions,
  type PrecomputePlan,
  type PrecomputeSelection,
} from './analyzer/precompute/precompute.js';
export { redis, type RedisOptions } from './analyzer/cluster/redis.js';
export { slurm, type SlurmOptions } from './analyzer/cluster/slurm.js';
export type { Scheduler } from './analyzer/precompute/scheduler.js';
export type { PartOption, PartReport } from './analyzer/precompute/part.js';
export type { CallState } from './analyzer/precompute/precompute-messages.js';
export type { PrecomputeFailure, PrecomputeProgress, PrecomputeReport } from './analyzer/precompute/report.js';
