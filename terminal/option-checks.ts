/** Checks that every table of options makes; each throws ConfigError. */
import { ConfigError } from '../transport/errors.ts';

/** Every option is one that there is. `path` is where they stand, '' for the outermost. */
export function checkNames(path: string, options: object, known: object): void {
  const unknown = Object.keys(options).find(name => !Object.hasOwn(known, name));
  if (unknown !== undefined)
    throw new ConfigError(path === '' ? unknown : `${path}.${unknown}`, 'there is no such option');
}

export function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConfigError(name, `must be a whole number of at least ${least}, got ${value}`);
}
