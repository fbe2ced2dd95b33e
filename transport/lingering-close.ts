/**
 * The lingering close of a stream: EOF goes out, input is thrown away until the peer's EOF or until time is up.
 *
 * On a socket, closing with unread input is a reset, which can destroy our last bytes.
 */
import { finished, type Duplex } from 'node:stream';

/** `late` is called when time is up, in milliseconds; `done` when the stream has ended in whatever way. */
export function closeLingering(stream: Duplex, lingerTime: number, late: () => void, done = (): void => {}): void {
  const timer = setTimeout(late, lingerTime).unref();
  finished(stream, () => {
    clearTimeout(timer);
    done();
  });
  stream.resume();
  stream.end();
}
