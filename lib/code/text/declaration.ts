/** Whether the text of a module says without a doubt what a variable of the module is: most helpers need no other look then. */

const WORD = /[\w$.#\\]/;
const AT_TOP = /(?:^|[\n;]|\bexport |\bexport default )$/;
const DECLARES = /(?:\bfunction|\*)\s*$/;

/**
 * Is it declared as a function of this text at the beginning of a line, and called wherever else the name is met? Then nothing
 * else in the module declares the name or assigns to it.
 */
export function declaresOnce(text: string, name: string, source: string): boolean {
  let count = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const end = at + name.length;
    if (WORD.test(text.charAt(at - 1)) || WORD.test(text.charAt(end).replace('.', ''))) continue;
    if (isDeclaration(text, at, name, source)) count++;
    else if (text.charAt(end) !== '(' || DECLARES.test(text.slice(Math.max(at - 12, 0), at))) return false;
  }
  return count === 1;
}

function isDeclaration(text: string, at: number, name: string, source: string): boolean {
  const constant = `const ${name} = `;
  const isConstant = text.startsWith(constant + source, at - 6);
  const start = isConstant ? at - 6 : at - source.indexOf(name);
  if (!isConstant && !(/^(?:async )?function\b/.test(source) && text.startsWith(source, start))) return false;
  return AT_TOP.test(text.slice(Math.max(start - 16, 0), start));
}
