/**
 * One incoming connection from accept to end: its link, the time limit on its login, its sessions and its reports.
 */
import type { Channel } from '../ssh/channel.ts';
import { DisconnectReason } from '../ssh/codes.ts';
import { SshConnection } from '../ssh/connection.ts';
import type { HandshakeKey } from '../ssh/packets.ts';
import type { Handshake, LinkOwner, PacketLink } from '../ssh/ssh2/packet-link.ts';
import { addressText } from '../transport/address.ts';
import { closeReasonText, type CloseReason } from '../transport/close-reason.ts';
import type { IProtocol } from '../transport/contracts.ts';
import { nothingYet, penaltyFor, type Conduct } from './admission/conduct.ts';
import type { Visitor } from './admission/front-door.ts';
import { ConnectionSessions, type SessionsContext, type SessionsOwner } from './connection-sessions.ts';
import type { ConnectionEvent } from './events.ts';
import { announceHostKeys, answeredRequests } from './global-requests.ts';
import { ConnectionLimits } from './limits/connection-limits.ts';
import { limits as limitTable, type LimitName } from './limits/limit-names.ts';
import type { QueueBudget } from './limits/queue-budget.ts';
import { Login } from './login.ts';
import type { KnownKeys } from './known-keys.ts';
import type { ResolvedOptions } from './options.ts';

/** Time for a client to leave by itself when its last session ends in a drain, in milliseconds. */
const FAREWELL_MS = 1_000;

export interface IncomingContext extends SessionsContext {
  readonly options: ResolvedOptions;
  /** The server's keys, those of the future included. */
  readonly announcedKeys: readonly HandshakeKey[];
  readonly link: (owner: LinkOwner) => PacketLink;
  readonly knownKeys: KnownKeys;
  /** What waits in memory for all connections. */
  readonly queues: QueueBudget;
  /** Last call: the connection is over. */
  readonly ended: (incoming: Incoming) => void;
}

export class Incoming implements LinkOwner, SessionsOwner {
  readonly #id: number;
  readonly #visitor: Visitor;
  readonly #peer: string;
  readonly #context: IncomingContext;
  readonly #link: PacketLink;
  readonly #started = performance.now();
  readonly #limits: ConnectionLimits;
  /** There once somebody has logged in. */
  #sessions: ConnectionSessions | undefined;
  /** Limits that a line has been written about. */
  #told: Set<string> | undefined;
  #farewellTimer: NodeJS.Timeout | undefined;
  #draining = false;
  #conduct: Conduct = nothingYet;

  constructor(id: number, visitor: Visitor, context: IncomingContext) {
    this.#id = id;
    this.#visitor = visitor;
    this.#peer = addressText(visitor.peer);
    this.#context = context;
    this.#link = context.link(this);
    const through = visitor.proxy === undefined ? {} : { proxy: visitor.proxy };
    this.report({ event: 'connection-opened', level: 'info', ...through });
    const { limits, loginGraceTime } = context.options;
    this.#limits = new ConnectionLimits(limits, loginGraceTime, context.queues, (limit, channel) =>
      this.#limitReached(limit, channel),
    );
  }

  /** What the transport talks to. */
  get protocol(): IProtocol {
    return this.#link;
  }

  /** Take no more sessions, and go when the last has ended. */
  drain(): void {
    this.#draining = true;
    this.#sessions?.drain();
    if (!this.#sessions?.count) this.disconnect();
    else if (this.#sessions.size === 0) this.#leaveSoon();
  }

  disconnect(): void {
    this.#did({ dismissed: true });
    this.#link.disconnect(DisconnectReason.BY_APPLICATION, 'the server is shutting down');
  }

  abort(): void {
    this.#did({ dismissed: true });
    this.#link.abort();
  }

  // — the link's owner —

  identified(): void {
    this.#limits.identified();
  }

  handshakeComplete(handshake: Handshake): void {
    const { kex, serverHostKey, hostKey, cs, peerSoftware: software, sessionId } = handshake;
    this.report({ event: 'handshake', level: 'info', software, kex, hostKey: serverHostKey, cipher: cs.cipher });
    this.#limits.loginMessage();
    const { authorize, maxAuthTries } = this.#context.options;
    new Login(this.#link, {
      sessionId,
      hostKey,
      authorize: (user, key) => authorize(user, key, this.#visitor.peer),
      maxAuthTries,
      knownKeys: this.#context.knownKeys,
      report: event => this.report(event),
      heard: () => this.#limits.loginMessage(),
      failed: failedUser => this.#did({ failedUser }),
      undecided: () => this.#did({ undecided: true }),
      accepted: user => this.#loggedIn(user, handshake),
      lost: reason => this.#lost(reason),
    });
  }

  handshakeFailed(reason: CloseReason): void {
    this.#lost(reason);
  }

  #loggedIn(user: string, handshake: Handshake): void {
    this.#limits.loggedIn();
    this.#link.loggedIn();
    this.#did({ loggedIn: true });
    this.#visitor.place.loggedIn();
    const { limits, clientAliveInterval: interval, clientAliveCountMax: countMax } = this.#context.options;
    const { announcedKeys } = this.#context;
    const { sessionId, serverHostKey, peerSoftware: software } = handshake;
    const sessions = new ConnectionSessions(this.#context, { user, software }, this.#limits, this);
    this.#sessions = sessions;
    const proof = { sessionId, serverHostKey };
    const connection = new SshConnection(this.#link, {
      globalRequests: answeredRequests({ proof, announcedKeys, noMoreSessions: () => sessions.noMore() }),
      keepAlive: { interval, countMax },
      channelTypes: { session: sessions },
      maxChannels: limits.maxChannels,
      channelsFull: () => this.tell('channels'),
      channelQueue: { maxQueueBytes: limits.queuedBytes.channel },
      requestArrived: () => this.#requestArrived(),
      requestFailed: error => this.report({ event: 'request-error', level: 'error', error: error.message }),
      connectionLost: reason => this.#lost(reason),
    });
    announceHostKeys(connection, software, announcedKeys);
  }

  // — of its sessions —

  report(event: ConnectionEvent): void {
    this.#context.options.onEvent({ connection: this.#id, peer: this.#peer, ...event });
  }

  /** A client that runs against a limit again and again fills no log. */
  tell(limit: LimitName, session?: number): void {
    const like = `${limit} ${session ?? ''}`;
    if (this.#told?.has(like)) return;
    this.#told = (this.#told ?? new Set()).add(like);
    this.report({ event: 'limit-reached', level: 'warn', limit, ...(session === undefined ? {} : { session }) });
  }

  noneLeft(): void {
    if (this.#draining) this.#leaveSoon();
  }

  // — time, end, reports —

  /** A client that has what it came for hangs up by itself; told to go before that, ssh(1) reports a failure. */
  #leaveSoon(): void {
    this.#farewellTimer = setTimeout(() => this.disconnect(), FAREWELL_MS);
  }

  #requestArrived(): void {
    if (this.#limits.request()) return;
    this.#limitReached('requests');
    throw new Error(limitTable.requests.says);
  }

  #limitReached(limit: LimitName, channel?: Channel): void {
    const session = this.#sessions?.numberOf(channel);
    this.tell(limit, session);
    const { says } = limitTable[limit];
    if (channel) return this.#sessions?.cutOff(channel, `nacre: ${says}\n`);
    if (!this.#conduct.loggedIn) return this.#tooLate();
    this.#sessions?.abort();
    this.#link.disconnect(DisconnectReason.BY_APPLICATION, says);
  }

  /** Before login a limit does nothing but drop: whatever the state, that is safe (CVE-2024-6387). */
  #tooLate(): void {
    this.#did({ graceExceeded: true });
    this.#link.abort();
  }

  #did(more: Partial<Conduct>): void {
    this.#conduct = { ...this.#conduct, ...more };
  }

  #lost(reason: CloseReason): void {
    this.#limits.close();
    clearTimeout(this.#farewellTimer);
    const level = reason.kind === 'protocol-error' ? 'warn' : 'info';
    const durationMs = Math.round(performance.now() - this.#started);
    this.report({ event: 'connection-closed', level, reason: closeReasonText(reason), durationMs });
    this.#visitor.place.leave(penaltyFor(this.#conduct, reason, this.#context.options.isUser));
    this.#context.ended(this);
  }
}
