/**
 * What V8's inspector shows of a function, in this thread and at once: the scopes it sees, what a bound one is bound
 * to, and the file it stands in. Only the domain Runtime is used, and nothing is enabled in it; Debugger is enabled for
 * a moment to list the files. Values pass through a box, so that none of them is described, copied or kept.
 */
import type * as inspector from 'node:inspector';
import { hasIdentity } from '../base/brand.js';

/** A scope as the inspector gives it. Its variables are read one by one: reading one that is not set yet may throw. */
export interface SeenScope {
  /** `Module`, `Closure (name)`, `Block`, `Script`, `With Block`, `Global`, … */
  readonly description: string;
  readonly object: object;
}

export interface Seen {
  /** From the inside out. */
  readonly scopes: readonly SeenScope[];
  readonly script: string | undefined;
  readonly bound: { target: unknown; self: unknown; args: readonly unknown[] } | undefined;
}

interface RemoteObject {
  objectId?: string;
  value?: unknown;
  unserializableValue?: string;
}
interface PropertyOfRemote {
  name: string;
  value?: RemoteObject;
}

const BOX = Symbol.for('stowage.code.box');
const GROUP = 'stowage.code';

/** The module object is one for all contexts of a thread; the global object is not. */
type Module = typeof inspector & { [BOX]?: Box };

class Box {
  functions: readonly object[] | undefined;
  values: readonly unknown[] = [];
}

/** Thrown where nothing can be looked into in this process. */
export class NoInspector extends Error {}

class Inspector {
  private session: inspector.Session | undefined;
  private boxId = '';
  private readonly box = new Box();
  private readonly files = new Map<string, string>();
  /** Said once, and not tried again. */
  private failure: NoInspector | undefined;
  private closing = false;

  /** Looks into functions, in their order. @throws NoInspector */
  look(functions: readonly object[]): Seen[] {
    if (this.failure !== undefined) throw this.failure;
    try {
      this.connect();
      return this.lookInto(functions);
    } catch (error) {
      this.failure = new NoInspector(error instanceof Error ? error.message : 'it does not answer', { cause: error });
      this.disconnect();
      throw this.failure;
    } finally {
      this.box.functions = undefined;
      this.box.values = [];
    }
  }

  /** The URL or path of a script; empty where it has none. */
  fileOf(script: string | undefined): string {
    if (script === undefined) return '';
    if (!this.files.has(script)) this.listFiles();
    return this.files.get(script) ?? '';
  }

  private connect(): void {
    if (this.session !== undefined) return;
    const module = process.getBuiltinModule('node:inspector') as Module;
    const session = new module.Session();
    session.connect();
    this.session = session;
    Object.defineProperty(module, BOX, { value: this.box, configurable: true, writable: true });
    try {
      const expression = `process.getBuiltinModule('node:inspector')[Symbol.for('${BOX.description ?? ''}')]`;
      const { result } = this.post<{ result: RemoteObject }>('Runtime.evaluate', { expression, silent: true });
      this.boxId = idOf(result);
    } finally {
      Reflect.deleteProperty(module, BOX);
    }
    if (!this.closing) {
      // What runs in one turn of the event loop shares one session.
      this.closing = true;
      setImmediate(() => {
        this.closing = false;
        this.disconnect();
      });
    }
  }

  private disconnect(): void {
    try {
      this.session?.disconnect();
    } catch {
      // Then it was not connected.
    }
    this.session = undefined;
  }

  private lookInto(functions: readonly object[]): Seen[] {
    this.box.functions = functions;
    try {
      const list = this.call('function () { return this.functions; }', []);
      const ids: string[] = [];
      for (const { name, value } of this.propertiesOf(idOf(list)).result) if (/^\d+$/.test(name)) ids[Number(name)] = idOf(value);
      const found = ids.map((id) => this.propertiesOf(id).internalProperties ?? []);
      const handles: RemoteObject[] = [];
      const places = found.map((internal) => {
        const place = (name: string): number => {
          const remote = internal.find((each) => each.name === name)?.value;
          if (remote === undefined) return -1;
          return handles.push(remote) - 1;
        };
        return { scopes: place('[[Scopes]]'), target: place('[[TargetFunction]]'), self: place('[[BoundThis]]'), args: place('[[BoundArgs]]') };
      });
      this.call('function (...values) { this.values = values; }', handles);
      const { values } = this.box;
      return found.map((internal, at) => {
        const { scopes, target, self, args } = places[at] as (typeof places)[number];
        const location = internal.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as { scriptId?: string } | undefined;
        return {
          scopes: scopes < 0 ? [] : listOf<SeenScope>(values[scopes]).filter(({ object }) => hasIdentity(object)),
          script: location?.scriptId,
          bound: target < 0 ? undefined : { target: values[target], self: values[self], args: listOf(values[args]) },
        };
      });
    } finally {
      this.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    }
  }

  private propertiesOf(objectId: string): { result: PropertyOfRemote[]; internalProperties?: PropertyOfRemote[] } {
    return this.post('Runtime.getProperties', { objectId, ownProperties: true });
  }

  private call(functionDeclaration: string, handles: readonly RemoteObject[]): RemoteObject {
    const { result } = this.post<{ result: RemoteObject }>('Runtime.callFunctionOn', {
      functionDeclaration,
      objectId: this.boxId,
      arguments: handles.map(asArgument),
      objectGroup: GROUP,
      silent: true,
    });
    return result;
  }

  private listFiles(): void {
    try {
      this.connect();
      const { session } = this;
      if (session === undefined) return;
      const note = ({ params }: { params: { scriptId: string; url: string } }): void => void this.files.set(params.scriptId, params.url);
      session.on('Debugger.scriptParsed', note);
      this.post('Debugger.enable', { maxScriptsCacheSize: 0 });
      this.post('Debugger.disable', {});
      session.off('Debugger.scriptParsed', note);
    } catch {
      // Then files have no names.
    }
  }

  private post<Result = unknown>(method: string, params: object): Result {
    let answer: { error: Error | null; result: unknown } | undefined;
    this.session?.post(method, params, (error, result) => {
      answer = { error, result };
    });
    if (answer === undefined) throw new Error('the inspector does not answer at once');
    if (answer.error !== null) throw answer.error;
    return answer.result as Result;
  }
}

function idOf(remote: RemoteObject | undefined): string {
  if (remote?.objectId === undefined) throw new Error('the inspector gives no handle');
  return remote.objectId;
}

function asArgument({ objectId, value, unserializableValue }: RemoteObject): RemoteObject {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}

/** The inspector's lists have no prototype. */
function listOf<T>(list: unknown): T[] {
  return hasIdentity(list) ? Array.from(list as ArrayLike<T>) : [];
}

/** One of them a thread. */
export const inspectorOfThread = new Inspector();
