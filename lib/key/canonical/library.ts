/** Values of libraries by what they are made of: the class, what its constructor is set to, and the parts. */
import { CONSTRUCTOR, takeApart } from '../../library/take-apart.js';
import { libraryClassOf } from '../../library/recognise.js';
import { ownProperties } from './own-properties.js';
import { Plan, Refusal, Tag } from './plan.js';

/** The plan of a value of a library, `undefined` for any other. */
export function libraryPlan(value: object, { ordered }: { readonly ordered: boolean }): Plan | undefined {
  const found = libraryClassOf(value);
  if (found === undefined) return undefined;
  const taken = takeApart(value, found);
  if ('what' in taken) throw new Refusal(taken.what, '', taken.advice);
  const { parts, settings } = taken;
  const fields =
    parts === undefined
      ? ownProperties(value, !ordered, (name) => name === CONSTRUCTOR)
      : parts.names.flatMap((name, at) => [name, parts.values[at]]);
  // Which copy of the library it is of makes no difference, nor does its version.
  return new Plan(Tag.library, [found.note.name, found.note.class, settings, ...fields]);
}
