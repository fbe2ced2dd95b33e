/**
 * The requests of one channel, or of a connection, both ways, in order. RFC 4254 §4, §5.4: replies carry no number, so
 * order is everything.
 *
 * A request of the peer's is answered before the next one is looked at, exactly once, whatever the listener does: one
 * that throws, rejects or takes too long has answered no. Then the peer is told first, and whoever is in charge after.
 */
import { asError, RemoteProtocolError } from '../transport/errors.ts';

/** Requests of a peer that may wait for the one before them. */
const MAX_WAITING = 32;

/** No, yes, or yes with what the reply carries: only replies to global requests carry anything. */
export type Answer = boolean | Uint8Array;

/** Answers a request of the peer's. To throw RemoteProtocolError is to say no; another error is a fault of ours. */
export type RequestListener<A extends Answer = boolean> = (type: string, data: Buffer) => A | Promise<A>;

/** Hears what a listener threw or rejected with, or that it took too long; the peer has been answered by then. */
export type RequestFailed = (error: Error) => void;

export interface PeerRequest {
  readonly type: string;
  readonly wantReply: boolean;
  readonly data: Buffer;
}

/** What breaches are told by. */
export interface RequestKind {
  readonly what: 'request' | 'global request';
  readonly rule: string;
}
export const channelRequests: RequestKind = { what: 'request', rule: 'RFC 4254 §5.4' };
export const globalRequests: RequestKind = { what: 'global request', rule: 'RFC 4254 §4' };

/** Whose requests they are. */
export interface RequestOwner {
  /** How long an answer to the peer may take, in milliseconds; 0 means for ever. */
  readonly requestTimeout: number;
  /** Send our answer to the peer's request. */
  reply(answer: Answer): void;
}

export class RequestQueue {
  readonly #kind: RequestKind;
  readonly #owner: RequestOwner;
  #listener: RequestListener<Answer> | undefined;
  #failed: RequestFailed | undefined;
  #waiting: PeerRequest[] = [];
  #answering = false;
  #timer: NodeJS.Timeout | undefined;
  #ours: Array<(answer: Buffer | false) => void> = [];
  #closed = false;

  constructor(kind: RequestKind, owner: RequestOwner) {
    this.#kind = kind;
    this.#owner = owner;
  }

  /** Until somebody listens, requests wait. */
  listen(listener: RequestListener<Answer>, failed?: RequestFailed): void {
    this.#listener = listener;
    this.#failed = failed;
    void this.#answerAll();
  }

  fromPeer(request: PeerRequest): void {
    if (this.#closed) return;
    const { rule, what } = this.#kind;
    if (this.#waiting.length >= MAX_WAITING) {
      throw new RemoteProtocolError(rule, `more than ${MAX_WAITING} ${what}s waiting for an answer`);
    }
    this.#waiting.push(request);
    void this.#answerAll();
  }

  /** The peer's answer to a request that we are sending now: what it carries, or false, also if the end comes first. */
  expectReply(): Promise<Buffer | false> {
    return new Promise(resolve => this.#ours.push(resolve));
  }

  /** An answer may cross our CLOSE on the way; then nobody waits for it. */
  replyFromPeer(answer: Buffer | false): void {
    if (this.#closed) return;
    const resolve = this.#ours.shift();
    if (!resolve) throw new RemoteProtocolError(this.#kind.rule, `a reply to no ${this.#kind.what}`);
    resolve(answer);
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    clearTimeout(this.#timer);
    for (const resolve of this.#ours.splice(0)) resolve(false);
  }

  /** An answer given at once is sent at once: the reply to `exec` goes out before the program's first byte. */
  async #answerAll(): Promise<void> {
    if (this.#answering || !this.#listener) return;
    this.#answering = true;
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      const outcome = ask(this.#listener, request);
      this.#settle('answer' in outcome ? outcome : await this.#inTime(outcome, request.type), request.wantReply);
    }
    this.#answering = false;
  }

  #inTime(outcome: Promise<Outcome>, type: string): Promise<Outcome> {
    const { requestTimeout: timeLimit } = this.#owner;
    if (timeLimit === 0) return outcome;
    const late = new Promise<Outcome>(resolve => {
      const failure = new Error(`no answer to the ${this.#kind.what} "${type}" within ${timeLimit} ms`);
      this.#timer = setTimeout(() => resolve({ answer: false, failure }), timeLimit);
    });
    return Promise.race([outcome, late]).finally(() => clearTimeout(this.#timer));
  }

  #settle({ answer, failure }: Outcome, wantReply: boolean): void {
    if (this.#closed) return;
    if (wantReply) this.#owner.reply(answer);
    if (failure && !(failure instanceof RemoteProtocolError)) this.#failed?.(failure);
  }
}

interface Outcome {
  readonly answer: Answer;
  readonly failure?: Error;
}

function ask(listener: RequestListener<Answer>, { type, data }: PeerRequest): Outcome | Promise<Outcome> {
  try {
    const answer = listener(type, data);
    if (typeof answer === 'boolean' || ArrayBuffer.isView(answer)) return { answer };
    return answer.then(answer => ({ answer }), failureOf);
  } catch (error) {
    return failureOf(error);
  }
}

const failureOf = (error: unknown): Outcome => ({ answer: false, failure: asError(error) });
