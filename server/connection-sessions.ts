/**
 * The sessions of one connection: which are refused, which are open, and what each is called in the log.
 */
import type { Channel } from '../ssh/channel.ts';
import { OpenFailure } from '../ssh/codes.ts';
import type { ChannelType, OpenRefusal } from '../ssh/connection-options.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import type { ServerEvent } from './events.ts';
import type { ConnectionLimits } from './limits/connection-limits.ts';
import { limits, type LimitName } from './limits/limit-names.ts';
import { answerSessionRequest } from './session-requests.ts';
import { Session, type Handler, type SessionContext } from './session.ts';

/** Sessions of all connections. */
export interface SessionCount {
  open: number;
}

export interface ConnectionSessionsContext {
  readonly handler: Handler;
  readonly maxSessions: number;
  /** 0 means no limit. */
  readonly maxTotalSessions: number;
  readonly total: SessionCount;
  readonly limits: ConnectionLimits;
  /** Of the connection, for the log. */
  readonly address: { readonly connection: number; readonly peer: string };
  readonly report: (event: ServerEvent) => void;
  readonly limitReached: (limit: LimitName) => void;
  /** The last one has ended. */
  readonly noneLeft: () => void;
}

export class ConnectionSessions {
  readonly #context: ConnectionSessionsContext;
  readonly #open = new Map<Channel, { readonly session: Session; readonly number: number }>();
  #count = 0;
  #draining = false;
  #promisedNoMore = false;

  constructor(context: ConnectionSessionsContext) {
    this.#context = context;
  }

  /** Open now. */
  get size(): number {
    return this.#open.size;
  }

  /** Opened so far. */
  get count(): number {
    return this.#count;
  }

  /** From now on refuse. */
  drain(): void {
    this.#draining = true;
  }

  /** The client has promised to open none: whoever asks for one from now on has taken it over. */
  noMore(): void {
    this.#promisedNoMore = true;
  }

  /** The channel type `session`, for a user who has logged in with a client of that software version. */
  channelType(client: Pick<SessionContext, 'user' | 'software'>): ChannelType {
    return {
      refuse: () => this.#refusal(),
      opened: channel => this.#opened(channel, client),
      closed: channel => this.#closed(channel),
    };
  }

  /** Its number, from 1 in each connection. */
  numberOf(channel: Channel | undefined): number | undefined {
    return channel && this.#open.get(channel)?.number;
  }

  /** End one whatever runs in it, and tell the client why. */
  cutOff(channel: Channel, text: string): void {
    this.#open.get(channel)?.session.cutOff(text);
  }

  /** Drop what waits in all of them. */
  abort(): void {
    for (const channel of [...this.#open.keys()]) channel.abortConnection();
  }

  #refusal(): OpenRefusal | undefined {
    const { maxSessions, maxTotalSessions, total } = this.#context;
    if (this.#promisedNoMore) {
      throw new RemoteProtocolError('OpenSSH PROTOCOL §2.2', 'a session after no-more-sessions');
    }
    if (this.#draining) return { reason: OpenFailure.CONNECT_FAILED, text: 'the server is shutting down' };
    if (this.size >= maxSessions) {
      this.#context.limitReached('sessions');
      return { reason: OpenFailure.CONNECT_FAILED, text: `no more than ${maxSessions} sessions per connection` };
    }
    if (maxTotalSessions === 0 || total.open < maxTotalSessions) return undefined;
    this.#context.limitReached('total-sessions');
    return { reason: OpenFailure.RESOURCE_SHORTAGE, text: limits['total-sessions'].says };
  }

  #opened(channel: Channel, client: Pick<SessionContext, 'user' | 'software'>): void {
    const { handler, address, total } = this.#context;
    const number = ++this.#count;
    const session = new Session(channel, {
      ...client,
      handler,
      report: event => this.#context.report({ ...address, user: client.user, session: number, ...event }),
    });
    this.#open.set(channel, { session, number });
    total.open += 1;
    this.#context.limits.sessionOpened(channel);
    channel.onRequest(
      (type, data) => answerSessionRequest(session, type, data),
      error => session.failed(error),
    );
  }

  #closed(channel: Channel): void {
    this.#open.get(channel)?.session.ended();
    if (this.#open.delete(channel)) this.#context.total.open -= 1;
    this.#context.limits.sessionClosed(channel);
    if (this.size === 0) this.#context.noneLeft();
  }
}
