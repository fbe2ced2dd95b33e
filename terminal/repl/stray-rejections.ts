/**
 * Rejections that a prompt's programs leave to nobody: told at the prompt, where Node would end the process.
 *
 * A promise is a program's if it came about in the course of the program. Any other is thrown, as if nobody listened,
 * unless somebody else does. The listener stays: a program may fail long after its prompt has gone.
 * Source: Node 20 documentation, "process", event 'unhandledRejection'; "async_context".
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<(reason: unknown) => void>();
let listening = false;

/** Run `program`, and tell of rejections that come of it, now or later. */
export function watchRejections<Result>(tell: (reason: unknown) => void, program: () => Result): Result {
  if (!listening) process.on('unhandledRejection', told);
  listening = true;
  return running.run(tell, program);
}

function told(reason: unknown): void {
  const tell = running.getStore();
  if (tell) tell(reason);
  else if (process.listenerCount('unhandledRejection') === 1) throw reason;
}
