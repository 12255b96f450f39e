/** Names that can stand behind the dot of an object: its own properties and those it inherits, save what every object has. */
export function memberNames(object: object): string[] {
  const names = new Set<string>();
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (holder === Object.prototype || holder === Function.prototype) break;
    for (const key of Reflect.ownKeys(holder)) if (typeof key === 'string' && key !== 'constructor') names.add(key);
  }
  return [...names];
}
