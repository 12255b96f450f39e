/** How a class of a library is named, and which installed copy of the library has it. */

/** How a record, or a blob, names a class. What is not there in an older one has its default. */
export interface LibraryNote {
  /** The package. */
  name: string;
  version: string;
  /** Name of the class among the exports of `module`; empty where it is the module itself. */
  class: string;
  /** Module of the package. @defaultValue the package itself */
  module?: string;
  /** Which of the two forms of the package: the one for `import`, or for `require`. */
  as: ModuleForm;
  /** Where the copy lay, from the folder of the project. */
  at: string;
}

/** For whom a package's entry point is. */
export type ModuleForm = 'import' | 'require';
