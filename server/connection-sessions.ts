/**
 * The sessions of one connection: which are refused, which are open, and what each is called in the log.
 */
import type { Channel } from '../ssh/channel.ts';
import { OpenFailure } from '../ssh/codes.ts';
import type { ChannelType, OpenRefusal } from '../ssh/connection-options.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import { LateMap } from '../transport/late-map.ts';
import type { ConnectionEvent, SessionEvent } from './events.ts';
import type { ConnectionLimits } from './limits/connection-limits.ts';
import { limits, type LimitName } from './limits/limit-names.ts';
import type { ResolvedOptions } from './options.ts';
import { answerSessionRequest } from './session-requests.ts';
import { Session, type Handler, type SessionContext } from './session.ts';

/** Sessions of all connections. */
export interface SessionCount {
  open: number;
}

/** What all connections of a server share. */
export interface SessionsContext {
  readonly handler: Handler;
  readonly options: Pick<ResolvedOptions, 'maxSessions' | 'limits'>;
  /** Sessions of all connections. */
  readonly sessions: SessionCount;
}

/** Who has logged in, and with what software. */
export type Client = Pick<SessionContext, 'user' | 'software'>;

/** Whose sessions they are. */
export interface SessionsOwner {
  report(event: ConnectionEvent): void;
  /** Sessions are refused for it. */
  tell(limit: LimitName): void;
  /** The last one has ended. */
  noneLeft(): void;
}

export class ConnectionSessions implements ChannelType {
  readonly #context: SessionsContext;
  readonly #client: Client;
  readonly #limits: ConnectionLimits;
  readonly #owner: SessionsOwner;
  readonly #open = new LateMap<Channel, { readonly session: Session; readonly number: number }>();
  #count = 0;
  #draining = false;
  #promisedNoMore = false;

  constructor(context: SessionsContext, client: Client, limits: ConnectionLimits, owner: SessionsOwner) {
    this.#context = context;
    this.#client = client;
    this.#limits = limits;
    this.#owner = owner;
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

  // — the channel type `session` —

  refuse(): OpenRefusal | undefined {
    const { options, sessions: all } = this.#context;
    const { maxTotalSessions } = options.limits;
    if (this.#promisedNoMore) {
      throw new RemoteProtocolError('OpenSSH PROTOCOL §2.2', 'a session after no-more-sessions');
    }
    if (this.#draining) return { reason: OpenFailure.CONNECT_FAILED, text: 'the server is shutting down' };
    if (this.size >= options.maxSessions) {
      this.#owner.tell('sessions');
      return {
        reason: OpenFailure.CONNECT_FAILED,
        text: `no more than ${options.maxSessions} sessions per connection`,
      };
    }
    if (maxTotalSessions === 0 || all.open < maxTotalSessions) return undefined;
    this.#owner.tell('total-sessions');
    return { reason: OpenFailure.RESOURCE_SHORTAGE, text: limits['total-sessions'].says };
  }

  opened(channel: Channel): void {
    const { handler, sessions: all } = this.#context;
    const { user, software } = this.#client;
    const number = ++this.#count;
    const report = (event: SessionEvent): void => this.#owner.report({ user, session: number, ...event });
    const session = new Session(channel, { user, software, handler, report });
    this.#open.set(channel, { session, number });
    all.open += 1;
    this.#limits.sessionOpened(channel);
    channel.onRequest(
      (type, data) => answerSessionRequest(session, type, data),
      error => session.failed(error),
    );
  }

  closed(channel: Channel): void {
    this.#open.get(channel)?.session.ended();
    if (this.#open.delete(channel)) this.#context.sessions.open -= 1;
    this.#limits.sessionClosed(channel);
    if (this.size === 0) this.#owner.noneLeft();
  }
}
