/**
 * One channel of an SSH connection (RFC 4254 §5): a stream transport with a second stream for stderr and with requests.
 *
 * It joins the write and close semantics of every transport (Endpoint) to the window (ChannelMedium) and the requests
 * (RequestQueue). The connection numbers channels and routes messages; nothing here knows what a session is.
 */
import { done, type CloseReason, type ExitStatus } from '../transport/close-reason.ts';
import type { IProtocol, QueueLimits } from '../transport/contracts.ts';
import { Endpoint } from '../transport/endpoint.ts';
import type { ChannelEnds } from './channel-ends.ts';
import type { ChannelHome, ChannelNumbers } from './channel-home.ts';
import { ChannelMedium } from './channel-medium.ts';
import { Message } from './codes.ts';
import {
  channelRequests,
  RequestQueue,
  type Answer,
  type PeerRequest,
  type RequestFailed,
  type RequestListener,
  type RequestOwner,
} from './request-queue.ts';
import { boolean, string } from './wire.ts';

export class Channel extends Endpoint implements RequestOwner {
  /** Channel type by its wire name, e.g. `session`. */
  readonly type: string;
  readonly localId: number;
  readonly requestTimeout: number;
  readonly #medium: ChannelMedium;
  readonly #ends: ChannelEnds;
  readonly #requests: RequestQueue;
  /** Whether what arrives waits for a protocol when the peer closes first. */
  #kept = false;
  /** Who wants to know at once. */
  #closed: (() => void) | undefined;

  constructor(type: string, home: ChannelHome, numbers: ChannelNumbers, limits: QueueLimits = {}) {
    const medium = new ChannelMedium(home, numbers);
    super(medium, { peer: home.link.getPeer(), host: home.link.getHost() }, limits);
    this.type = type;
    this.localId = numbers.localId;
    this.#medium = medium;
    this.#ends = medium.ends;
    this.requestTimeout = home.requestTimeout;
    this.#requests = new RequestQueue(channelRequests, this);
  }

  /** As `write`, on the stderr stream; the order between the two streams is kept. RFC 4254 §5.2. */
  writeExtended(data: Uint8Array): void {
    this.write(this.#medium.markExtended(data));
  }

  /** How the program ended; sent behind all data and before CLOSE. RFC 4254 §6.10. */
  setExitStatus(status: ExitStatus): void {
    this.#ends.tellStatus(status);
  }

  /**
   * There will be an exit status: the peer's CLOSE is answered behind it, as by sshd, and until then the channel counts
   * as open. `closed` is called with that CLOSE, though input may still wait for a protocol to take it: nobody reads what
   * is written from then on.
   */
  oweExitStatus(closed: () => void): void {
    this.#ends.oweStatus();
    this.#closed = closed;
    this.#kept = true;
  }

  /** Answer the peer's requests, one after the other. Until this is called they wait. */
  onRequest(listener: RequestListener, failed?: RequestFailed): void {
    this.#requests.listen(listener, failed);
  }

  /** Send a request. Resolves to the peer's answer, or to true at once if none is wanted; false on a closed channel. */
  async request(type: string, data: Uint8Array, wantReply: boolean): Promise<boolean> {
    if (!this.#ends.isOpen) return false;
    this.#ends.tell(Message.CHANNEL_REQUEST, string(type), boolean(wantReply), data);
    return !wantReply || (await this.#requests.expectReply()) !== false;
  }

  override start(protocol: IProtocol): void {
    this.#kept = true;
    super.start(protocol);
  }

  // — from the connection —

  /** A protocol will come, as for every channel that we asked for: the peer's CLOSE waits for it. */
  keepForProtocol(): void {
    this.#kept = true;
  }

  takeTurn(): void {
    this.#medium.takeTurn();
  }

  /** `data` is the link's again when this returns. */
  dataFromPeer(data: Buffer): void {
    this.#medium.dataFromPeer(data.length);
    this.receivedBorrowed(data);
  }

  /** stderr towards us: no session of ours takes it, so its bytes are granted back unseen, as sshd does. */
  extendedFromPeer(data: Buffer): void {
    this.#medium.dataFromPeer(data.length);
    this.#medium.delivered(data.length);
  }

  windowFromPeer(bytes: number): void {
    this.#medium.windowFromPeer(bytes);
  }

  eofFromPeer(): void {
    this.#ends.eofFromPeer();
    this.receivedEof();
  }

  /** What the peer sent before its CLOSE is still delivered; what we had not sent by then is lost. */
  closeFromPeer(): void {
    const unsent = this.queuedBytes - this.#medium.sentOfBatch;
    this.#ends.closeFromPeer();
    this.#closed?.();
    const reason = unsent === 0 ? done : unsentReason(unsent);
    if (this.#kept) this.receivedClose(reason);
    else this.ended(reason);
  }

  requestFromPeer(request: PeerRequest): void {
    if (this.#ends.isOpen) this.#requests.fromPeer(request);
  }

  replyFromPeer(success: boolean): void {
    this.#requests.replyFromPeer(success && Buffer.alloc(0));
  }

  reply(answer: Answer): void {
    this.#ends.tell(answer === false ? Message.CHANNEL_FAILURE : Message.CHANNEL_SUCCESS);
  }

  /** Our CLOSE has gone out: no answer follows it, to either side. */
  closeSent(): void {
    this.#requests.close();
  }

  /** The whole connection has ended. */
  linkLost(reason: CloseReason): void {
    this.#ends.linkLost();
    this.#requests.close();
    this.ended(reason);
  }
}

const unsentReason = (bytes: number): CloseReason => ({
  kind: 'lost',
  error: new Error(`peer closed the channel with ${bytes} bytes unsent`),
});
