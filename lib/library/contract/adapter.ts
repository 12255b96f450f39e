/** The contract of an adapter: how values of one library are taken apart, and made again of their parts. */
import type { TypedArray } from '../../base/language/brand.js';
import type { LibraryNote } from './library-note.js';

/** What a value is made of, beside its class: own values in their order, each kept and keyed like any other. */
export interface Parts {
  readonly names: readonly string[];
  readonly values: readonly unknown[];
}

/** Why a value cannot be kept, in the words of `UncacheableValueError`. */
export interface Unkeepable {
  readonly what: string;
  readonly advice: string;
}

/** Numbers as an npy file holds them. */
export interface NumberArray {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** A value that is an array, and what of it no npy file says: what JSON brings back exactly. */
export interface AsArray extends NumberArray {
  readonly rest: unknown;
}

/** A value that is a table: an Arrow IPC file, and what of it the file does not say, JSON-exact too. */
export interface AsTable {
  readonly bytes: Uint8Array;
  readonly rest: unknown;
}

/**
 * How a value lies in a file that other programs open. Where the file would not say all of a value, there is no such form
 * of it, and its parts are kept.
 */
interface FileForm<Form, Read> {
  of(value: object, found: LibraryClass): Form | undefined;
  /** @throws where it is not what `of` gave */
  make(found: LibraryClass, read: Read & { rest: unknown }): object;
}

/** One library, or one of its parts. A file of its own each. */
export interface Adapter {
  /** The package, as it is imported. */
  readonly package: string;
  /** Modules of the package that export the classes. @defaultValue the package itself */
  readonly modules?: readonly string[];
  /** Packages in whose own dependencies a copy of this one may lie. */
  readonly within?: readonly string[];
  /** Names of the classes, as their constructors say them. */
  readonly classes: readonly string[];
  /** Objects among a module's exports that hold the classes: `Temporal`. */
  readonly namespace?: string;
  /** Does it hand out proxies? The name of the class of one, where it is the package's; the package is loaded. */
  classOfProxy?(value: object): string | undefined;
  /** Classes whose instances hold what only the library sees: what to say of them. */
  readonly unkeepable?: Readonly<Record<string, Unkeepable>>;
  /** The class is made anew by a program with settings of its own. */
  readonly settings?: Settings;
  /** `undefined` where it is an object of the class with its own fields, as most are. @defaultValue always so */
  parts?(value: object, found: LibraryClass): Parts | Unkeepable | undefined;
  /**
   * The value of what `parts` gave. Without it, parts are the fields of an object of the class.
   * @throws where the library does not take them
   */
  make?(found: LibraryClass, parts: Parts): object;
  readonly array?: FileForm<AsArray, NumberArray>;
  readonly table?: FileForm<AsTable, { bytes: Uint8Array<ArrayBuffer> }>;
  /** Can a value be emptied by who gets it, so that each must get one of its own? */
  readonly perishes?: true;
}

/** Constructors that are set to something by a program: the library's own one, and those that are made of it. */
export interface Settings {
  /** What a constructor is set to, JSON-exact. */
  read(Class: object): Readonly<Record<string, unknown>>;
  /** A new constructor with these settings. */
  make(Class: object, settings: Readonly<Record<string, unknown>>): object;
}

/** A class that was found in a copy. */
export interface LibraryClass {
  readonly adapter: Adapter;
  readonly note: LibraryNote;
  readonly Class: Constructor;
  /** What the module exports that has the class. */
  readonly module: Readonly<Record<string, unknown>>;
}

export type Constructor = (abstract new (...args: never[]) => object) & { readonly prototype: object };
