/**
 * The joint between a session and a program: a process protocol on one face, a channel's protocol on the other.
 *
 * Each face pauses the other when it is full. The program's end closes the channel behind all its output; the client's
 * end closes the program's streams, which hangs it up if it has a terminal, and its CLOSE is answered when the program
 * has ended. After Twisted's SSHSessionProcessProtocol; what happens at each end is as in sshd's session.c.
 */
import type { Channel } from '../ssh/channel.ts';
import { writeBorrowed, type IBorrower, type IOutputBorrower } from '../transport/borrowed.ts';
import type { CloseReason, ExitStatus } from '../transport/close-reason.ts';
import type {
  IHalfCloseableProtocol,
  IInputLossProtocol,
  IOutputLossProtocol,
  IProcessProtocol,
  IProcessTransport,
  IStreamTransport,
  TerminalSize,
} from '../transport/contracts.ts';
import { Pausing } from './pausing.ts';
import type { Session, SessionControls } from './session.ts';

/**
 * Run what `start` starts in `session`. Resolves when the program has ended, which may be long after the client has
 * gone; rejects if it cannot be started, or is lost with its process host.
 */
export function runProgram(
  session: Session,
  start: (protocol: IProcessProtocol) => IProcessTransport | Promise<IProcessTransport>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const face = new ProgramFace(session, { over: resolve, lost: reject });
    Promise.resolve(start(face)).catch(reject);
  });
}

interface Ends {
  readonly over: () => void;
  readonly lost: (error: Error) => void;
}

/** Something to do with the program, once there is one; false if it could not be done. */
type Wish = (program: IProcessTransport) => boolean | void;

/** What the program sees. */
class ProgramFace implements IInputLossProtocol, IOutputLossProtocol, IOutputBorrower, SessionControls {
  readonly #session: Session;
  readonly #channel: Channel;
  readonly #ends: Ends;
  #outputsOpen = 2;
  #program: IProcessTransport | undefined;
  /** What the client asks of a program that is still being started, in order. */
  #early: Wish[] | undefined;

  constructor(session: Session, ends: Ends) {
    this.#session = session;
    this.#channel = session.channel;
    this.#ends = ends;
    session.attach(this);
    session.answerCloseAtEnd();
  }

  // — what the client asks —

  resize(size: TerminalSize): void {
    this.#ask(program => program.resize(size));
  }

  signal(name: string): boolean {
    return this.#ask(program => program.signalProcess(name));
  }

  closeOutput(descriptors: readonly number[]): void {
    this.#ask(program => descriptors.forEach(one => program.closeChildFD(one)));
  }

  hangUp(): void {
    this.#ask(program => program.hangUp());
  }

  // — what the program says —

  makeConnection(program: IProcessTransport): void {
    this.#program = program;
    for (const wish of this.#early ?? []) wish(program);
    this.#early = undefined;
    this.#channel.registerProducer(new Pausing(program), true);
    this.#channel.start(new ClientFace(program));
  }

  outReceived(data: Uint8Array): void {
    this.#channel.write(data);
  }

  outBorrowed(data: Uint8Array): void {
    this.#channel.writeBorrowed(data);
  }

  errReceived(data: Uint8Array): void {
    this.#channel.writeExtended(data);
  }

  inConnectionLost(): void {
    this.#session.closeInput();
  }

  outConnectionLost(): void {
    this.#outputLost();
  }

  errConnectionLost(): void {
    this.#outputLost();
  }

  processExited(): void {
    // A grandchild may still hold the output open, and sshd waits for it.
  }

  processEnded(status: ExitStatus): void {
    this.#channel.unregisterProducer();
    this.#session.exit(status);
    this.#ends.over();
  }

  processLost(error: Error): void {
    this.#channel.unregisterProducer();
    this.#ends.lost(error);
  }

  /** Behind the last of both, EOF: the client need not wait for the program's end to know (sshd, chan_ibuf_empty). */
  #outputLost(): void {
    this.#outputsOpen -= 1;
    if (this.#outputsOpen > 0) return;
    this.#channel.unregisterProducer();
    this.#channel.loseWriteConnection();
  }

  #ask(wish: Wish): boolean {
    if (this.#program) return wish(this.#program) !== false;
    this.#early ??= [];
    return this.#early.push(wish) > 0;
  }
}

/** What the client sees. */
class ClientFace implements IHalfCloseableProtocol, IBorrower {
  readonly #program: IProcessTransport;

  constructor(program: IProcessTransport) {
    this.#program = program;
  }

  /** That the program takes no more is not the channel's end: that comes with the program's own, and its status. */
  makeConnection(channel: IStreamTransport): void {
    this.#program.registerProducer(new Pausing(channel), true);
  }

  dataReceived(data: Uint8Array): void {
    this.#program.write(data);
  }

  dataBorrowed(data: Uint8Array): void {
    writeBorrowed(this.#program, data);
  }

  readConnectionLost(): void {
    this.#program.unregisterProducer();
    this.#program.loseWriteConnection();
  }

  writeConnectionLost(): void {
    // The program says no more; what the client sends is still its input.
  }

  /** The program still gets all that came before the client's CLOSE; where the line is dead, it has been hung up. */
  connectionLost(_reason: CloseReason): void {
    this.#program.unregisterProducer();
    this.#program.loseConnection();
  }
}
