/**
 * The files and directories that a program needs, and what is wrong with one before the program is started.
 *
 * A look takes as long as a file system does: for ever, on one that does not answer. So who starts programs while the
 * event loop goes on has the addon look (native/start.c), or libuv's threads (`lookAt`); `lookAtNow` is for who cannot wait.
 */
import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { asError, SpawnError } from '../errors.ts';

/** Absolute path, and what is to be there. */
export interface Place {
  readonly path: string;
  readonly what: 'the program' | 'the working directory' | 'a prefix';
}

/** One of them cannot be used. To everybody else it is a SpawnError like others. */
export class UnusablePlaceError extends SpawnError {
  readonly what: Place['what'];

  constructor({ what }: Place, why: string, options?: ErrorOptions) {
    super(`${what} cannot be used: ${why}`, options);
    this.what = what;
  }

  override get name(): string {
    return SpawnError.name;
  }
}

interface Kind {
  /** For the addon. */
  readonly letter: string;
  readonly isIt: (found: Stats) => boolean;
  readonly otherwise: string;
}

const kinds: Readonly<Record<Place['what'], Kind>> = {
  'the program': { letter: 'f', isIt: found => found.isFile(), otherwise: 'it is not a file' },
  'the working directory': { letter: 'd', isIt: found => found.isDirectory(), otherwise: 'it is not a directory' },
  'a prefix': { letter: 'x', isIt: () => true, otherwise: 'it is nothing that can be run' },
};

/** The look as the addon takes it: `start` in native/requests.c. */
export const lookOf = ({ what, path }: Place): string => kinds[what].letter + path;

/** Throws SpawnError for a path that is not absolute. */
export function checkPath({ path, what }: Place): void {
  if (!isAbsolute(path)) throw new SpawnError(`${what} must be an absolute path, got "${path}"`);
}

/** The error for something else than is needed. */
export const otherKind = (place: Place): SpawnError => new UnusablePlaceError(place, kinds[place.what].otherwise);

/** Throws UnusablePlaceError for the first that cannot be used. */
export function lookAtNow(places: readonly Place[]): void {
  for (const place of places) {
    try {
      checkKind(place, statSync(place.path));
      accessSync(place.path, constants.X_OK);
    } catch (error) {
      throw unusable(place, error);
    }
  }
}

/** The same on libuv's threads. */
export async function lookAt(places: readonly Place[]): Promise<void> {
  for (const place of places) {
    try {
      checkKind(place, await stat(place.path));
      await access(place.path, constants.X_OK);
    } catch (error) {
      throw unusable(place, error);
    }
  }
}

function checkKind(place: Place, found: Stats): void {
  if (!kinds[place.what].isIt(found)) throw otherKind(place);
}

const unusable = (place: Place, error: unknown): unknown =>
  error instanceof UnusablePlaceError ? error : new UnusablePlaceError(place, asError(error).message, { cause: error });
