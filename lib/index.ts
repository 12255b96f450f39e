/**
 * The public face of Stowage. Where things are:
 *
 * - `base/`     errors, events, clock, files, the runner of flows
 * - `key/`      values → canonical bytes → digest; safe names
 * - `codec/`    one format each: npy, arrow, json, v8, msgpack, text; and their registry
 * - `store/`    where entries live: records, folders, memory, claims
 * - `trace/`    who is computing, and what it used
 * - `method/`   the core: decorator, tags, calls
 * - `analyzer/` base class of analyzers, sets of them, computing ahead
 *
 * Under paths of their own:
 *
 * - `kv/`       python-diskcache's caches on SQLite: `stowage/kv`
 * - `recipe/`   locks and the like over those: `stowage/recipe`
 * - `memo/`     functions and buckets: `stowage/memo`
 * - `manager/`  managed caches: `stowage/manager`
 *
 * And `cli/`, the command `stowage`.
 *
 * @module stowage
 */
export * from './base/errors.js';
export { events, type Events, type EventType, type StowageEvent } from './base/events.js';
export type { Duration } from './base/duration.js';
export type { Codec, Encoded, ValueNotes } from './codec/codec.js';
export { registerCodec } from './codec/registry.js';
export { registerClass, type AnyClass, type RegisterClassOptions } from './key/class-registry.js';
export { cacheKey, children } from './key/symbols.js';
export { cacheOnDisk, type CacheDecorator, type CacheOnDisk } from './method/cache-on-disk.js';
export { accept } from './method/accept.js';
export { adopt, type AdoptOptions, type AdoptReport } from './method/adopt.js';
export { dependsOn, dependsOnFile } from './method/declare.js';
export { clearCache, forget } from './method/clearing.js';
export { DiskCacher, getDiskCacher } from './method/disk-cacher.js';
export { explain, type EntryState, type Explanation } from './method/explain.js';
export { explainAll, type ExplainedEntry } from './method/explain-all.js';
export { lineage } from './method/lineage.js';
export type { Lineage } from './method/lineage-graph.js';
export type {
  LineageEdge,
  LineageEntry,
  LineageFile,
  LineageNode,
  LineageParameter,
} from './method/lineage-node.js';
export { peek, record } from './method/inspect.js';
export { invalidate } from './method/invalidate.js';
export { revalidate } from './method/revalidate.js';
export type { MethodName } from './method/locate.js';
export { verify, type VerifyOptions } from './method/verify.js';
export type { VerifyFinding, VerifyProblem, VerifyReport } from './store/verify-report.js';
export type { Identity } from './store/identity.js';
export type { EntryRecord } from './store/record.js';
export type { StoredArguments, Traced, TracedCall, TracedFile, TracedParameter, TracedRoot } from './store/traced.js';
export { setLogfile, type LogLevel } from './method/log-file.js';
export {
  configure,
  type CacheOptions,
  type ChangePolicy,
  type Configuration,
  type MutationPolicy,
  type SharedOptions,
} from './method/options.js';
export { parameter, type ParameterDecorator } from './method/parameter.js';
export { setPrefix, setTag, setTmpdir, untag } from './method/tagging.js';
export { setMemoryBudget } from './method/memory-budget.js';
export { Analyzer, type AnalyzerClass, type AnalyzerInfo, type GetArguments, type GetOptions } from './analyzer/analyzer.js';
export { AnalyzerSet, type EachOptions, type Mapped, type SetArguments, type SetOptions } from './analyzer/analyzer-set.js';
export type { Broadcast } from './analyzer/broadcast.js';
export { dateOfTag } from './analyzer/date-of-tag.js';
export type { Gathered } from './analyzer/gather.js';
export { AnalyzerSetError, type SetResults } from './analyzer/set-results.js';
export type { TableOptions } from './analyzer/table-of-rows.js';
export type { DateRange, TagSelection } from './analyzer/tag-selection.js';
export {
  precompute,
  precomputeTags,
  type MethodToCompute,
  type PrecomputeOptions,
  type PrecomputePlan,
  type PrecomputeSelection,
} from './analyzer/precompute.js';
export type { CallState } from './analyzer/precompute-messages.js';
export type { PrecomputeFailure, PrecomputeProgress, PrecomputeReport } from './analyzer/precompute-run.js';
