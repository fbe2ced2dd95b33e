/**
 * The byte-transport contract: what every connection in this project can do, and what it promises.
 *
 * A transport moves bytes and knows who is at each end; a protocol gives the bytes a meaning. Each ability is a small
 * interface of its own, never an optional method; `IStreamTransport` is the sum that a protocol is handed.
 * After Twisted's ITransport, IProtocol, IConsumer and producers, with its bugs left behind.
 *
 * The promises, each proved for every implementation by test/contracts/transport.ts:
 * 1. Bytes arrive whole and in order, in any split. Nothing written is lost unless the connection dies.
 * 2. `loseConnection` sends everything written before the end, waits for a registered producer, then ends.
 * 3. After the end every call is a silent no-op, and both addresses are still known.
 * 4. `connectionLost` comes exactly once, last, with the reason; a protocol that throws loses only its own connection.
 * 5. Back-pressure both ways: above the high-water mark the producer is paused, a paused reader stops the medium.
 * 6. Half-close: EOF goes out behind what was written, the other direction goes on.
 * 7. `abortConnection` drops everything now.
 * 8. No call on a transport calls back into a protocol before it returns.
 */
import type { Address } from './address.ts';
import type { CloseReason, ExitStatus } from './close-reason.ts';

/** Bytes out. Every method returns at once; writing or closing a closed connection does nothing. */
export interface ITransport {
  /** Queue `data` for the peer, in order. The caller hands the bytes over and must not change them. */
  write(data: Uint8Array): void;
  /** As one `write` per chunk, but in one system call where the medium can. */
  writeSequence(chunks: Iterable<Uint8Array>): void;
  /** Close once everything queued has been sent. Safe to repeat. Ends in one `connectionLost`. */
  loseConnection(): void;
  /** The other end. Fixed for the life of the connection, and still answered after it. */
  getPeer(): Address;
  /** This end. */
  getHost(): Address;
}

export interface IAbortable {
  /** Drop the connection and everything queued, now. `connectionLost` follows with reason `aborted`. */
  abortConnection(): void;
}

export interface IHalfCloseable {
  /** Send what was written, then EOF; receiving goes on. The end still takes a `loseConnection`. */
  loseWriteConnection(): void;
}

/** A source that produces until told to stop. Every transport is one, for the bytes that it receives. */
export interface IPushProducer {
  pauseProducing(): void;
  resumeProducing(): void;
  /** Produce no more, ever: the consumer has gone. On a transport this is `loseConnection`. */
  stopProducing(): void;
}

/** A source that produces once for each `resumeProducing`. */
export interface IPullProducer {
  resumeProducing(): void;
  stopProducing(): void;
}

/** A destination with a mark on the wall: above it, its producer is paused. */
export interface IConsumer {
  /**
   * Let `producer` be paused and resumed by how much is queued here. One at a time: a second one is a
   * LocalMisuseError. On a connection that has ended, the producer is stopped at once.
   */
  registerProducer(producer: IPushProducer, streaming: true): void;
  registerProducer(producer: IPullProducer, streaming: false): void;
  /** The producer has finished. A close that waited for it goes on. */
  unregisterProducer(): void;
}

/**
 * What a protocol is handed: a two-way stream of bytes with back-pressure in both directions. `await using` closes it:
 * `loseConnection`, and then waiting for the end.
 */
export interface IStreamTransport
  extends ITransport, IAbortable, IHalfCloseable, IPushProducer, IConsumer, AsyncDisposable {}

/**
 * A connection that waits for its protocol: nothing is read before it has one, and an end that comes earlier is told
 * then. Iterating is another way to give it one: `for await (const chunk of connection)`.
 */
export interface IConnection extends IStreamTransport, AsyncIterable<Uint8Array> {
  /** Give it its protocol, once: `makeConnection` before this returns. A second time is a LocalMisuseError. */
  start(protocol: IProtocol): void;
}

/** Bytes in: makeConnection once, dataReceived any number of times, connectionLost once. */
export interface IProtocol {
  makeConnection(transport: IStreamTransport): void;
  /** Any split of the stream, down to one byte. Never called from inside a call on the same transport. */
  dataReceived(data: Uint8Array): void;
  /** Last call. Let go of the transport here. */
  connectionLost(reason: CloseReason): void;
}

/** A protocol that keeps its connection when only one direction has ended. */
export interface IHalfCloseableProtocol extends IProtocol {
  /** The peer sent EOF: no more `dataReceived`. Writing goes on until `loseConnection`. */
  readConnectionLost(): void;
  /** Our EOF has gone out behind all that was written. */
  writeConnectionLost(): void;
}

/** Size of a terminal. Pixels are 0 where nobody knows them (RFC 4254 §6.2). */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export interface IResizable {
  /** Tell the program the new size of its terminal. Does nothing once it has ended. */
  resize(size: TerminalSize): void;
}

/**
 * A running program. `write` goes to its standard input and `loseWriteConnection` ends that (on a pty by the terminal's
 * EOF character). `loseConnection` closes all its streams behind what was written: no signal is sent, but a program on
 * a pty is hung up by the kernel. `abortConnection` drops what was queued and kills it. As a producer, it pauses output.
 */
export interface IProcessTransport extends IStreamTransport, IResizable {
  /** Process id; null once the program has been reaped, so that nobody signals a stranger. */
  readonly pid: number | null;
  /**
   * Drop what was queued and close all its streams now, as when the line goes dead: the kernel hangs up a program on a
   * pty, and one on pipes reads EOF and writes to nobody. It is not killed: what survives a hang-up goes on.
   */
  hangUp(): void;
  /**
   * Write to a descriptor that the program was started with (`Program.descriptors`), or to 0, which is `write`.
   * A number that it was not started with is a LocalMisuseError.
   */
  writeToChild(descriptor: number, data: Uint8Array): void;
  /**
   * Close our end of a descriptor behind what was written; 0 is `loseWriteConnection`. By 1 and 2, standard output and
   * error, whatever the program still says there is dropped, and its writes fail: SIGPIPE, or only EPIPE for one in
   * which it was waiting. A terminal has no end of its own for output: after 1 it is read no more, so a program that
   * goes on writing waits. Others do nothing.
   */
  closeChildFD(descriptor: number): void;
  /** Send a signal, by name (`TERM`, `SIGTERM`) or number. False if the program has ended or has no such signal. */
  signalProcess(signal: string | number): boolean;
}

/** Who hears from a program. Exited and ended are two events: a grandchild may hold the output open in between. */
export interface IProcessProtocol {
  makeConnection(process: IProcessTransport): void;
  /** Bytes from standard output; on a pty, everything the program shows. */
  outReceived(data: Uint8Array): void;
  /** Bytes from standard error; never called on a pty. */
  errReceived(data: Uint8Array): void;
  /** The program was reaped. Output may still follow. */
  processExited(status: ExitStatus): void;
  /** The program was reaped and its output streams have ended: nothing follows. */
  processEnded(status: ExitStatus): void;
  /**
   * Whoever started the program for us has died, and with it the program's terminal and pipes. Nobody knows how it
   * ends, and nothing follows. Never called where this process starts programs itself.
   */
  processLost(error: Error): void;
}

/** A protocol that wants to know when the program takes no more input. */
export interface IInputLossProtocol extends IProcessProtocol {
  /**
   * The program has closed its standard input: what is written is dropped. It shows when something is written, so one
   * that exits with input left tells it too. Never called on a pty.
   */
  inConnectionLost(): void;
}

/** A protocol that wants to know when the program says no more: it may live on. After Twisted's ProcessProtocol. */
export interface IOutputLossProtocol extends IProcessProtocol {
  /**
   * Standard output is over: every program that could write to it has closed it or ended, or we have closed it. Told
   * once, behind all that was said there and before `processEnded`. Never called on a pty, which can be opened again.
   */
  outConnectionLost(): void;
  /** The same of standard error. */
  errConnectionLost(): void;
}

/** A protocol that wants what the program says on descriptors from 3 up. */
export interface IChildDescriptorProtocol extends IProcessProtocol {
  childDataReceived(descriptor: number, data: Uint8Array): void;
  /** The program has closed the descriptor, or has ended, or we have closed it. */
  childConnectionLost(descriptor: number): void;
}

/** Marks that say when a producer is paused and when a queue has become absurd. */
export interface QueueLimits {
  /** Bytes queued above which a registered producer is paused. @default 65_536 (Twisted FileDescriptor) */
  readonly highWaterMark?: number;
  /** Bytes queued at or below which it is resumed. @default 0: when all has been sent */
  readonly lowWaterMark?: number;
  /** Bytes queued above which the connection is dropped with reason `overflow`. @default 16_777_216 */
  readonly maxQueueBytes?: number;
}
