/** A client at a terminal of ours: the program runs on a pty, and its screen can be looked at and drawn. */
import { EventEmitter, once } from 'node:events';
import { ScreenBuffer } from '../../terminal/screen/screen-buffer.ts';
import type { IProcessProtocol, IProcessTransport } from '../../transport/contracts.ts';
import { spawnPty } from '../../transport/process/pty.ts';
import { clientEnvironment, type Invocation } from './run.ts';

export class Seat implements Disposable, IProcessProtocol {
  readonly screen: ScreenBuffer;
  readonly #shown = new EventEmitter();
  #program: IProcessTransport | undefined;

  constructor({ file, args }: Invocation, home: string, { columns, rows }: { columns: number; rows: number }) {
    this.screen = new ScreenBuffer({ columns, rows });
    const size = { columns, rows, widthPixels: 0, heightPixels: 0 };
    const environment = { ...clientEnvironment(home), COLORTERM: 'truecolor' };
    spawnPty({ file, args, environment, cwd: home }, { term: 'xterm-256color', size, modes: new Map() }, this);
  }

  type(text: string): void {
    this.#program?.write(Buffer.from(text));
  }

  /** Resolves as soon as the screen is so; rejects, with the screen, when it is not within thirty seconds. */
  async until(isSo: (screen: ScreenBuffer) => boolean, what: string): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    while (!isSo(this.screen)) {
      await once(this.#shown, 'shown', { signal }).catch(() => {
        throw new Error(`the screen never was ${what}:\n${this.screen.text}`);
      });
    }
  }

  makeConnection(program: IProcessTransport): void {
    this.#program = program;
  }

  outReceived(data: Uint8Array): void {
    this.screen.write(data);
    const replies = this.screen.takeReplies();
    if (replies !== '') this.type(replies);
    this.#shown.emit('shown');
  }

  errReceived(): void {}
  processExited(): void {}
  processEnded(): void {}
  processLost(): void {}

  [Symbol.dispose](): void {
    this.#program?.hangUp();
    this.screen[Symbol.dispose]();
  }
}
