/**
 * The joint between a session and a program: a process protocol on one face, a channel's protocol on the other.
 *
 * Each face pauses the other when it is full. The program's end closes the channel behind all its output; the client's
 * end closes the program's streams, which hangs it up if it has a terminal. After Twisted's SSHSessionProcessProtocol;
 * what happens at each end is as in sshd's session.c.
 */
import type { Channel } from '../ssh/channel.ts';
import type { IOutputBorrower } from '../transport/borrowed.ts';
import type { CloseReason, ExitStatus } from '../transport/close-reason.ts';
import type {
  IHalfCloseableProtocol,
  IInputLossProtocol,
  IOutputLossProtocol,
  IProcessProtocol,
  IProcessTransport,
  IPushProducer,
  IStreamTransport,
} from '../transport/contracts.ts';
import type { Session } from './session.ts';

/**
 * Run what `start` starts in `session`. Resolves when the program has ended or the client has gone; rejects if it
 * cannot be started, or is lost with its process host.
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

/**
 * How long EOF waits for the status of a program that has closed its outputs, in milliseconds: it is about to end, as a
 * rule, and PuTTY closes the channel at EOF, behind which no status can be told.
 */
const STATUS_WAIT_MS = 250;

interface Ends {
  readonly over: () => void;
  readonly lost: (error: Error) => void;
}

/** What the program sees. */
class ProgramFace implements IInputLossProtocol, IOutputLossProtocol, IOutputBorrower {
  readonly #session: Session;
  readonly #channel: Channel;
  readonly #ends: Ends;
  readonly #openOutputs = new Set<'out' | 'err'>(['out', 'err']);
  #eofTimer: NodeJS.Timeout | undefined;
  /** What the client asks of a program that is still being started, in order. */
  readonly #early: Array<(program: IProcessTransport) => void> = [];

  constructor(session: Session, ends: Ends) {
    this.#session = session;
    this.#channel = session.channel;
    this.#ends = ends;
    session.attach({
      resize: size => void this.#early.push(program => program.resize(size)),
      signal: name => this.#early.push(program => void program.signalProcess(name)) > 0,
      closeOutput: () => void this.#early.push(program => program.closeChildFD(1)),
    });
  }

  makeConnection(program: IProcessTransport): void {
    this.#session.attach({
      resize: size => program.resize(size),
      signal: name => program.signalProcess(name),
      closeOutput: () => program.closeChildFD(1),
    });
    for (const ask of this.#early.splice(0)) ask(program);
    this.#channel.registerProducer(program, true);
    this.#channel.start(new ClientFace(program, this.#ends.over));
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
    this.#outputLost('out');
  }

  errConnectionLost(): void {
    this.#outputLost('err');
  }

  processExited(): void {
    // A grandchild may still hold the output open, and sshd waits for it.
  }

  processEnded(status: ExitStatus): void {
    clearTimeout(this.#eofTimer);
    this.#channel.unregisterProducer();
    this.#session.exit(status);
    this.#ends.over();
  }

  processLost(error: Error): void {
    clearTimeout(this.#eofTimer);
    this.#channel.unregisterProducer();
    this.#ends.lost(error);
  }

  /** Behind the last of both, EOF: the client need not wait for the program's end to know (sshd, chan_ibuf_empty). */
  #outputLost(stream: 'out' | 'err'): void {
    this.#openOutputs.delete(stream);
    if (this.#openOutputs.size > 0) return;
    this.#channel.unregisterProducer();
    this.#eofTimer = setTimeout(() => this.#channel.loseWriteConnection(), STATUS_WAIT_MS).unref();
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

  /** That the program takes no more is not the channel's end: that comes with the program's own, and its status. */
  makeConnection(channel: IStreamTransport): void {
    const producer: IPushProducer = {
      pauseProducing: () => channel.pauseProducing(),
      resumeProducing: () => channel.resumeProducing(),
      stopProducing: () => undefined,
    };
    this.#program.registerProducer(producer, true);
  }

  dataReceived(data: Uint8Array): void {
    this.#program.write(data);
  }

  readConnectionLost(): void {
    this.#program.unregisterProducer();
    this.#program.loseWriteConnection();
  }

  writeConnectionLost(): void {
    // The program says no more; what the client sends is still its input.
  }

  connectionLost(_reason: CloseReason): void {
    this.#program.unregisterProducer();
    this.#program.hangUp();
    this.#over();
  }
}
