/**
 * Join two transports: what one receives, the other sends. The joint of every forwarding, jump and proxy.
 *
 * Each transport is the other's producer, so a slow reader at one side stops the writer at the other, and nothing
 * piles up here: a side that exists before the other is paused, not buffered. EOF passes through as EOF. It refuses to
 * look at the bytes.
 */
import type { CloseReason } from './close-reason.ts';
import type { IHalfCloseableProtocol, IStreamTransport } from './contracts.ts';

/**
 * Two protocols to give to two transports, in any order and at any time. When one connection ends in order, the other
 * is closed behind what it still has to send; when one is cut, so is the other, lest a cut stream pass for a whole one.
 * If only one of the two is ever given a transport, end that one yourself: its peer waits until then.
 */
export function relay(): readonly [IHalfCloseableProtocol, IHalfCloseableProtocol] {
  const left = new RelaySide();
  const right = new RelaySide();
  left.join(right);
  right.join(left);
  return [left, right];
}

/** What the end of one side does to the other. */
const passOn: Readonly<Record<CloseReason['kind'], (other: IStreamTransport) => void>> = {
  done: other => other.loseConnection(),
  exited: other => other.loseConnection(),
  lost: other => other.abortConnection(),
  aborted: other => other.abortConnection(),
  overflow: other => other.abortConnection(),
  'protocol-error': other => other.abortConnection(),
};

class RelaySide implements IHalfCloseableProtocol {
  #other: RelaySide | undefined;
  #transport: IStreamTransport | undefined;
  #ended: CloseReason | undefined;
  #readEnded = false;
  #writeEnded = false;

  join(other: RelaySide): void {
    this.#other = other;
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    transport.pauseProducing();
    this.#other?.meet(transport);
  }

  /** The other side has `theirs`: if this one has a transport too, join them; if it is over, so are they. */
  meet(theirs: IStreamTransport): void {
    const ours = this.#transport;
    if (this.#ended) return passOn[this.#ended.kind](theirs);
    if (!ours) return;
    ours.registerProducer(theirs, true);
    theirs.registerProducer(ours, true);
    ours.resumeProducing();
    theirs.resumeProducing();
  }

  dataReceived(data: Uint8Array): void {
    this.#other?.send(data);
  }

  readConnectionLost(): void {
    this.#readEnded = true;
    this.#other?.sendEof();
    this.#closeIfBothEnded();
  }

  writeConnectionLost(): void {
    this.#writeEnded = true;
    this.#closeIfBothEnded();
  }

  connectionLost(reason: CloseReason): void {
    this.#ended = reason;
    this.#transport = undefined;
    this.#other?.otherEnded(reason);
  }

  send(data: Uint8Array): void {
    this.#transport?.write(data);
  }

  /** The other side produces no more: EOF, behind what it wrote. */
  sendEof(): void {
    this.#transport?.unregisterProducer();
    this.#transport?.loseWriteConnection();
  }

  otherEnded(reason: CloseReason): void {
    const transport = this.#transport;
    if (!transport) return;
    transport.unregisterProducer();
    passOn[reason.kind](transport);
  }

  /** Two EOFs are no end by themselves, but nobody else is there to say that this is one. */
  #closeIfBothEnded(): void {
    if (this.#readEnded && this.#writeEnded) this.#transport?.loseConnection();
  }
}
