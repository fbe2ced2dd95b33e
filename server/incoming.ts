/**
 * One incoming connection from accept to end: its link, the time limit on its login, its sessions and its reports.
 */
import type { Channel } from '../ssh/channel.ts';
import { DisconnectReason, OpenFailure } from '../ssh/codes.ts';
import { SshConnection } from '../ssh/connection.ts';
import type { OpenRefusal } from '../ssh/connection-options.ts';
import type { Handshake, LinkOwner, PacketLink } from '../ssh/ssh2/packet-link.ts';
import { addressText } from '../transport/address.ts';
import { closeReasonText, type CloseReason } from '../transport/close-reason.ts';
import type { IProtocol } from '../transport/contracts.ts';
import { penaltyFor, type Conduct } from './admission/conduct.ts';
import type { Visitor } from './admission/front-door.ts';
import type { ConnectionEvent, ServerEvent } from './events.ts';
import { Login } from './login.ts';
import type { ResolvedOptions } from './options.ts';
import { answerSessionRequest } from './session-requests.ts';
import { Session, type Handler } from './session.ts';

/** Time for a client to leave by itself when its last session ends in a drain, in milliseconds. */
const FAREWELL_MS = 1_000;

export interface IncomingContext {
  readonly options: ResolvedOptions;
  readonly handler: Handler;
  readonly link: (owner: LinkOwner) => PacketLink;
  /** Last call: the connection is over. */
  readonly ended: (incoming: Incoming) => void;
}

export class Incoming implements LinkOwner {
  readonly #id: number;
  readonly #visitor: Visitor;
  readonly #peer: string;
  readonly #context: IncomingContext;
  readonly #link: PacketLink;
  readonly #started = performance.now();
  readonly #sessions = new Map<Channel, Session>();
  #graceTimer: NodeJS.Timeout | undefined;
  #farewellTimer: NodeJS.Timeout | undefined;
  #sessionCount = 0;
  #draining = false;
  #conduct: Conduct = { loggedIn: false, dismissed: false, graceExceeded: false, failedUser: undefined };

  constructor(id: number, visitor: Visitor, context: IncomingContext) {
    this.#id = id;
    this.#visitor = visitor;
    this.#peer = addressText(visitor.peer);
    this.#context = context;
    this.#link = context.link(this);
    const through = visitor.proxy === undefined ? {} : { proxy: visitor.proxy };
    this.#report({ event: 'connection-opened', level: 'info', ...through });
    this.#limitLogin(context.options.loginGraceTime);
  }

  /** What the transport talks to. */
  get protocol(): IProtocol {
    return this.#link;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Take no more sessions, and go when the last has ended. */
  drain(): void {
    this.#draining = true;
    if (this.#sessionCount === 0) this.disconnect();
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

  handshakeComplete(handshake: Handshake): void {
    const { kex, serverHostKey: hostKey, cs, peerSoftware: software, sessionId } = handshake;
    this.#report({ event: 'handshake', level: 'info', software, kex, hostKey, cipher: cs.cipher });
    const { authorize, maxAuthTries } = this.#context.options;
    new Login(this.#link, {
      sessionId,
      authorize,
      maxAuthTries,
      report: event => this.#report(event),
      failed: failedUser => this.#did({ failedUser }),
      accepted: user => this.#loggedIn(user),
      lost: reason => this.#lost(reason),
    });
  }

  handshakeFailed(reason: CloseReason): void {
    this.#lost(reason);
  }

  #loggedIn(user: string): void {
    clearTimeout(this.#graceTimer);
    this.#did({ loggedIn: true });
    this.#visitor.place.loggedIn();
    new SshConnection(this.#link, {
      channelTypes: {
        session: {
          refuse: () => this.#refuseSession(),
          opened: channel => this.#openSession(channel, user),
          closed: channel => this.#sessionClosed(channel),
        },
      },
      requestFailed: error => this.#report({ event: 'request-error', level: 'error', error: error.message }),
      connectionLost: reason => this.#lost(reason),
    });
  }

  // — sessions —

  #refuseSession(): OpenRefusal | undefined {
    const { maxSessions } = this.#context.options;
    if (this.#draining) return { reason: OpenFailure.CONNECT_FAILED, text: 'the server is shutting down' };
    if (this.#sessions.size < maxSessions) return undefined;
    return { reason: OpenFailure.CONNECT_FAILED, text: `no more than ${maxSessions} sessions per connection` };
  }

  #openSession(channel: Channel, user: string): void {
    const address = { connection: this.#id, peer: this.#peer, user, session: ++this.#sessionCount };
    const session = new Session(channel, {
      user,
      handler: this.#context.handler,
      report: event => this.#emit({ ...address, ...event }),
    });
    this.#sessions.set(channel, session);
    channel.onRequest(
      (type, data) => answerSessionRequest(session, type, data),
      error => session.failed(error),
    );
  }

  #sessionClosed(channel: Channel): void {
    this.#sessions.get(channel)?.ended();
    this.#sessions.delete(channel);
    if (this.#draining && this.#sessions.size === 0) this.#leaveSoon();
  }

  // — time, end, reports —

  /** A client that has what it came for hangs up by itself; told to go before that, ssh(1) reports a failure. */
  #leaveSoon(): void {
    this.#farewellTimer = setTimeout(() => this.disconnect(), FAREWELL_MS);
  }

  /** Does nothing but drop: whatever the state, that is safe (CVE-2024-6387). */
  #limitLogin(milliseconds: number): void {
    if (milliseconds > 0) this.#graceTimer = setTimeout(() => this.#graceOver(), milliseconds);
  }

  #graceOver(): void {
    this.#did({ graceExceeded: true });
    this.#link.abort();
  }

  #did(more: Partial<Conduct>): void {
    this.#conduct = { ...this.#conduct, ...more };
  }

  #lost(reason: CloseReason): void {
    clearTimeout(this.#graceTimer);
    clearTimeout(this.#farewellTimer);
    const level = reason.kind === 'protocol-error' ? 'warn' : 'info';
    const durationMs = Math.round(performance.now() - this.#started);
    this.#report({ event: 'connection-closed', level, reason: closeReasonText(reason), durationMs });
    this.#visitor.place.leave(penaltyFor(this.#conduct, reason, this.#context.options.isUser));
    this.#context.ended(this);
  }

  #report(event: ConnectionEvent): void {
    this.#emit({ connection: this.#id, peer: this.#peer, ...event });
  }

  #emit(event: ServerEvent): void {
    this.#context.options.onEvent(event);
  }
}
