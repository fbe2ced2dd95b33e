/**
 * Programs whose start may take for ever: in a directory, or of a file, on a file system that does not answer.
 *
 * The program and its directory are one place (patience.ts), so that a directory which is dead holds few threads, and
 * only who would start there waits, no longer than the time, and gets an error.
 */
import { SpawnError } from '../errors.ts';
import { NoAnswerError, Patience } from '../patience.ts';
import { fileThreads } from '../files/file-threads.ts';
import { lookAt } from './places.ts';
import { placesOf, type Program } from './program.ts';

/**
 * Those of the addon, STARTERS in native/starters.c. How many directories may be dead before nothing is started any more
 * is in docs/accounts.md.
 */
export const addonThreads = new Patience({ most: 32, mostOfOne: 8, atFirst: 2, time: 30_000 });

/**
 * `start` in turn. Rejects with SpawnError if it takes too long; a program that is started later all the same is given to
 * `giveUp`.
 */
export async function startPatiently<Started>(
  program: Program,
  patience: Patience,
  start: (late: AbortSignal) => Promise<Started>,
  giveUp?: (started: Started) => void,
): Promise<Started> {
  const { file, cwd } = program;
  try {
    return await patience.run(`${file}\0${cwd}`, start, giveUp);
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    const advice = 'is a file system dead, or not mounted?';
    throw new SpawnError(`cannot start ${file} in ${cwd}: ${error.message}; ${advice}`, { cause: error });
  }
}

/** Look at what `program` needs, on libuv's threads. Rejects with SpawnError if it cannot be used, or does not answer. */
export const lookPatiently = (program: Program, patience = fileThreads): Promise<void> =>
  startPatiently(program, patience, () => lookAt(placesOf(program)));
