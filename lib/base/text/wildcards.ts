/** Patterns of names: `*` stands for any characters and `?` for one. */

/** A regular expression for the names that begin as the pattern says. @param end what may follow, as an expression */
export function wildcards(pattern: string, end = '$'): RegExp {
  const source = pattern.replace(/[\\^$.|+()[\]{}/]/g, '\\$&');
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}${end}`, 'su');
}
