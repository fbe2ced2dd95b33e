/**
 * The requests of one channel, both ways, in order. RFC 4254 §5.4: replies carry no number, so order is everything.
 *
 * A request of the peer's is answered before the next one is looked at, exactly once, whatever the listener does.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

/** Channel requests of a peer that may wait for the one before them. */
const MAX_WAITING = 32;

/** Answers a request of the peer's. To throw, or to reject, is to answer no. */
export type RequestListener = (type: string, data: Buffer) => boolean | Promise<boolean>;

export interface ChannelRequest {
  readonly type: string;
  readonly wantReply: boolean;
  readonly data: Buffer;
}

export class RequestQueue {
  readonly #reply: (success: boolean) => void;
  #listener: RequestListener | undefined;
  #waiting: ChannelRequest[] = [];
  #answering = false;
  #ours: Array<(success: boolean) => void> = [];
  #closed = false;

  constructor(reply: (success: boolean) => void) {
    this.#reply = reply;
  }

  /** Until somebody listens, requests wait. */
  listen(listener: RequestListener): void {
    this.#listener = listener;
    void this.#answerNext();
  }

  fromPeer(request: ChannelRequest): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MAX_WAITING) {
      throw new RemoteProtocolError('RFC 4254 §5.4', `more than ${MAX_WAITING} requests waiting for an answer`);
    }
    this.#waiting.push(request);
    if (!this.#answering) void this.#answerNext();
  }

  /** The peer's answer to a request we are sending now; false if the channel closes first. */
  expectReply(): Promise<boolean> {
    return new Promise(resolve => this.#ours.push(resolve));
  }

  /** An answer may cross our CLOSE on the way; then nobody waits for it. */
  replyFromPeer(success: boolean): void {
    if (this.#closed) return;
    const resolve = this.#ours.shift();
    if (!resolve) throw new RemoteProtocolError('RFC 4254 §5.4', 'a reply to no request');
    resolve(success);
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    for (const resolve of this.#ours.splice(0)) resolve(false);
  }

  async #answerNext(): Promise<void> {
    const listener = this.#listener;
    const request = listener && this.#waiting.shift();
    this.#answering = request !== undefined;
    if (!request) return;
    const answer = tryAnswer(listener, request);
    const success = typeof answer === 'boolean' ? answer : await answer;
    if (request.wantReply && !this.#closed) this.#reply(success);
    await this.#answerNext();
  }
}

/** An answer given at once is sent at once: the reply to `exec` goes out before the program's first byte. */
function tryAnswer(listener: RequestListener, { type, data }: ChannelRequest): boolean | Promise<boolean> {
  try {
    const answer = listener(type, data);
    return typeof answer === 'boolean' ? answer : answer.catch(() => false);
  } catch {
    return false;
  }
}
