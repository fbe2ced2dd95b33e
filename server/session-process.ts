/**
 * The joint between a session and a program: a process protocol on one face, a channel's protocol on the other.
 *
 * Each face pauses the other when it is full. The program's end closes the channel behind all its output; the client's
 * end closes the program's streams, which hangs it up if it has a terminal. After Twisted's SSHSessionProcessProtocol;
 * what happens at each end is as in sshd's session.c.
 */
import type { Channel } from '../ssh/channel.ts';
import type { CloseReason, ExitStatus } from '../transport/close-reason.ts';
import type {
  IHalfCloseableProtocol,
  IProcessProtocol,
  IProcessTransport,
  IStreamTransport,
} from '../transport/contracts.ts';
import type { Session } from './session.ts';

/** Run what `start` starts in `session`. Resolves when the program has ended or the client has gone. */
export function runProgram(session: Session, start: (protocol: IProcessProtocol) => IProcessTransport): Promise<void> {
  return new Promise(resolve => start(new ProgramFace(session, resolve)));
}

/** What the program sees. */
class ProgramFace implements IProcessProtocol {
  readonly #session: Session;
  readonly #channel: Channel;
  readonly #over: () => void;

  constructor(session: Session, over: () => void) {
    this.#session = session;
    this.#channel = session.channel;
    this.#over = over;
  }

  makeConnection(program: IProcessTransport): void {
    this.#session.attach({
      resize: size => program.resize(size),
      signal: name => program.signalProcess(name),
    });
    this.#channel.registerProducer(program, true);
    this.#channel.start(new ClientFace(program, this.#over));
  }

  outReceived(data: Uint8Array): void {
    this.#channel.write(data);
  }

  errReceived(data: Uint8Array): void {
    this.#channel.writeExtended(data);
  }

  processExited(): void {
    // A grandchild may still hold the output open, and sshd waits for it.
  }

  processEnded(status: ExitStatus): void {
    this.#channel.unregisterProducer();
    this.#session.exit(status);
    this.#over();
  }
}

/** What the client sees. */
class ClientFace implements IHalfCloseableProtocol {
  readonly #program: IProcessTransport;
  readonly #over: () => void;

  constructor(program: IProcessTransport, over: () => void) {
    this.#program = program;
    this.#over = over;
  }

  makeConnection(channel: IStreamTransport): void {
    this.#program.registerProducer(channel, true);
  }

  dataReceived(data: Uint8Array): void {
    this.#program.write(data);
  }

  readConnectionLost(): void {
    this.#program.unregisterProducer();
    this.#program.loseWriteConnection();
  }

  writeConnectionLost(): void {
    // Only our own end asks for this, at the end of the program.
  }

  connectionLost(_reason: CloseReason): void {
    this.#program.unregisterProducer();
    this.#program.hangUp();
    this.#over();
  }
}
