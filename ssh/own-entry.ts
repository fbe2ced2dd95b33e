/**
 * Looking up by a name that a peer chose: only what a table itself has counts, for `constructor` is a name, too.
 */
export function ownEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
