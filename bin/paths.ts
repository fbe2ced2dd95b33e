/** Paths as people write them in settings. */
import { join, resolve } from 'node:path';

/** An absolute path: `~/` is the home directory, anything else relative begins at `directory`. */
export const absolutePath = (path: string, directory: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(directory, path);
