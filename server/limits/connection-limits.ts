/**
 * The limits of one connection, from accept to end: its deadlines, the pace of its requests, its share of memory, and
 * the times of its sessions. It decides; `reached` acts.
 */
import type { Channel } from '../../ssh/channel.ts';
import { LateMap } from '../../transport/late-map.ts';
import { Deadlines } from './deadlines.ts';
import { IdleWatch } from './idle-watch.ts';
import type { LimitName } from './limit-names.ts';
import type { ResolvedLimits } from './options.ts';
import type { QueueBudget, QueueShare } from './queue-budget.ts';
import { TokenBucket } from './token-bucket.ts';

/** What has been reached: for the whole connection, or for one session of it. */
export type Reached = (limit: LimitName, channel?: Channel) => void;

interface SessionTimers {
  readonly deadline: NodeJS.Timeout | undefined;
  readonly idle: IdleWatch | undefined;
}

export class ConnectionLimits {
  readonly #options: ResolvedLimits;
  readonly #reached: Reached;
  readonly #deadlines: Deadlines<LimitName>;
  readonly #queue: QueueShare;
  readonly #requests: TokenBucket;
  readonly #sessions = new LateMap<Channel, SessionTimers>();
  #idle: IdleWatch | undefined;

  constructor(options: ResolvedLimits, loginGraceTime: number, budget: QueueBudget, reached: Reached) {
    this.#options = options;
    this.#reached = reached;
    this.#deadlines = new Deadlines(reached);
    this.#queue = budget.open(options.queuedBytes.connection, reached);
    this.#requests = new TokenBucket(options.requests);
    this.#deadlines.set('login-grace', loginGraceTime);
    this.#deadlines.set('ident-time', options.beforeLogin.ident);
    this.#deadlines.set('connection-time', options.time.connection);
  }

  // — as the connection comes along —

  identified(): void {
    this.#deadlines.clear('ident-time');
    this.#deadlines.set('key-exchange-time', this.#options.beforeLogin.keyExchange);
  }

  /** Keys have been exchanged, or a message of the login has come: the next one has its time. */
  loginMessage(): void {
    this.#deadlines.clear('key-exchange-time');
    this.#deadlines.set('message-time', this.#options.beforeLogin.message);
  }

  loggedIn(): void {
    const { unused, connectionIdle } = this.#options.time;
    this.#deadlines.clear('login-grace', 'message-time');
    this.#deadlines.set('unused', unused);
    if (connectionIdle > 0) this.#idle = new IdleWatch(connectionIdle, () => this.#reached('connection-idle'));
  }

  /** The client asks for something; false if it does so too often. */
  request(): boolean {
    this.#idle?.touch();
    return this.#requests.take();
  }

  sessionOpened(channel: Channel): void {
    this.#deadlines.clear('unused');
    const { sessionIdle, session } = this.#options.time;
    const reached = (limit: LimitName): void => this.#reached(limit, channel);
    const deadline = session > 0 ? setTimeout(reached, session, 'session-time') : undefined;
    const idle = sessionIdle > 0 ? new IdleWatch(sessionIdle, () => reached('session-idle')) : undefined;
    channel.watchQueue(bytes => this.#queueChanged(bytes, idle));
    this.#sessions.set(channel, { deadline, idle });
  }

  sessionClosed(channel: Channel): void {
    stop(this.#sessions.get(channel));
    this.#sessions.delete(channel);
    if (this.#sessions.size === 0) this.#deadlines.set('unused', this.#options.time.unused);
  }

  /** The connection is over: no timer is left. */
  close(): void {
    this.#deadlines.close();
    this.#idle?.stop();
    for (const session of this.#sessions.values()) stop(session);
    this.#sessions.clear();
    this.#queue.close();
  }

  /** What comes and what goes are both signs of life. */
  #queueChanged(bytes: number, session: IdleWatch | undefined): void {
    this.#queue.change(bytes);
    session?.touch();
    this.#idle?.touch();
  }
}

function stop(session: SessionTimers | undefined): void {
  clearTimeout(session?.deadline);
  session?.idle?.stop();
}
