/** The two methods by which a class tells Stowage about itself. Registered symbols survive two installed copies. */

/**
 * Name of a method that returns what identifies an instance: `[cacheKey]() { return [this.band, this.order]; }`.
 * On an argument it stands for the instance in the call key; on an analyzer it is part of every call key.
 * It must be pure, and what it returns must itself be keyable.
 */
export const cacheKey: unique symbol = Symbol.for('stowage.cacheKey');

/**
 * Name of a method that returns the objects behind an instance's `#private` fields, so that the walk of `setTag`
 * reaches the analyzers among them: `[children]() { return [this.#camera, this.#mirror]; }`.
 */
export const children: unique symbol = Symbol.for('stowage.children');
