/**
 * The SSH packet layer over any transport: identification, pressure and endings around an engine that exchanges keys
 * and seals packets.
 *
 * It is a protocol to the transport below and a link to the layers above. It holds messages while keys are exchanged,
 * stops reading when replies pile up, and turns whatever the engine or a listener throws into one disconnect.
 * It knows nothing of logins or channels. RFC 4253.
 */
import type { Address } from '../../transport/address.ts';
import type { IBorrower } from '../../transport/borrowed.ts';
import { done, type CloseReason } from '../../transport/close-reason.ts';
import type { IHalfCloseableProtocol, IPushProducer, IStreamTransport } from '../../transport/contracts.ts';
import { isLender } from '../../transport/lender.ts';
import { asError, HostKeyRefusedError, LocalMisuseError, RemoteProtocolError } from '../../transport/errors.ts';
import { DisconnectReason, Message } from '../codes.ts';
import { readExtInfo, type Extensions } from '../ext-info.ts';
import { IdentReader, identRules, peerSoftware } from '../ident.ts';
import type { KeyAgreementRole } from '../key-agreement.ts';
import { KeyAge, keyLimitDefaults, type KeyLimits } from '../key-age.ts';
import { KeyExchangePace } from '../key-exchange-pace.ts';
import type { IPacketLink, IPacketListener } from '../packets.ts';
import { byte, message, string, uint32, WireReader } from '../wire.ts';
import { STOP, type Negotiated } from './library.ts';
import {
  clientSetup,
  serverSetup,
  type ClientEngineOptions,
  type EngineSetup,
  type ServerEngineOptions,
} from './engine-roles.ts';
import { PacketEngine } from './packet-engine.ts';

/** Bytes of replies that may wait behind a full socket before we stop reading from the peer. */
const REPLY_BACKLOG_BYTES = 256 * 1024;
/** Bytes of messages that may wait for the end of a key exchange. */
const KEX_BACKLOG_BYTES = 1024 * 1024;
/** What one waiting message costs beside its own bytes, roughly: a million replies of one byte are not a megabyte. */
const HELD_MESSAGE_BYTES = 128;
/** Time for the last bytes to leave after a disconnect, in milliseconds. */
const DISCONNECT_FLUSH_MS = 5_000;

export interface Handshake extends Negotiated {
  readonly sessionId: Buffer;
  /** The server's, RFC 4253 §6.6 encoding. */
  readonly hostKey: Buffer;
  /** The peer's software version line, printable ASCII. */
  readonly peerSoftware: string;
}

interface LinkOptions {
  /** When to exchange keys again. @default keyLimitDefaults */
  readonly keyLimits?: KeyLimits;
}

export type ServerLinkOptions = ServerEngineOptions & LinkOptions;
export type ClientLinkOptions = ClientEngineOptions & LinkOptions;

/** What the owner of one link hears before there is a listener. */
export interface LinkOwner {
  /** The peer's identification has come. */
  identified?(): void;
  /** Keys have been exchanged for the first time: say who listens, with `link.listen`. */
  handshakeComplete(handshake: Handshake): void;
  /** Keys have been exchanged again, by these algorithms. */
  rekeyed?(negotiated: Negotiated): void;
  /** The link ended before it had keys. */
  handshakeFailed(reason: CloseReason): void;
}

/** Makes the links of one end; what is the same for all of them is made once. */
export type Links = (owner: LinkOwner) => PacketLink;

export const serverLinks = (options: ServerLinkOptions): Links => links(serverSetup(options), options);

/** Throws ConfigError when there is nobody to look at the server's host key. */
export const clientLinks = (options: ClientLinkOptions): Links => links(clientSetup(options), options);

function links(setup: EngineSetup, { keyLimits }: LinkOptions): Links {
  const limits = { ...keyLimitDefaults, ...keyLimits };
  return owner => new PacketLink(owner, setup, limits);
}

/** Whose identification each end reads. */
const peersIdent = { server: identRules.client, client: identRules.server } as const;

export class PacketLink implements IPacketLink, IHalfCloseableProtocol, IBorrower, IPushProducer {
  readonly #owner: LinkOwner;
  readonly #engine: PacketEngine;
  readonly #role: KeyAgreementRole;
  readonly #ident: IdentReader;
  #identified = false;
  #loggedIn = false;
  #peerSoftware = '';
  #extensions: Extensions = new Map();
  #transport: IStreamTransport | undefined;
  #listener: IPacketListener | undefined;
  #state: 'open' | 'ending' | 'ended' = 'open';
  /** Set when we end the link for a reason of our own: the transport will only say that it closed. */
  #reason: CloseReason | undefined;
  #flushTimer: NodeJS.Timeout | undefined;

  #socketFull = false;
  #sentWhileFull = 0;
  /** What has come while somebody looks at the server's host key; reading is paused then. */
  #unread: Buffer = Buffer.alloc(0);
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  readonly #keyAge: KeyAge;
  readonly #pace = new KeyExchangePace();

  constructor(owner: LinkOwner, setup: EngineSetup, limits: Required<KeyLimits>) {
    this.#owner = owner;
    this.#role = setup.role;
    this.#ident = new IdentReader(peersIdent[setup.role]);
    this.#keyAge = new KeyAge(limits, { due: () => this.rekey(), late: error => this.#fail(error) });
    this.#engine = new PacketEngine(setup, {
      write: (data, returned) => this.#write(data, returned),
      failed: error => this.#fail(error),
      keysExchanged: negotiated => this.#keysExchanged(negotiated),
      disconnected: (reason, text) => this.#peerLeft(reason, text),
      payload: payload => this.#payloadReceived(payload),
      goesOn: () => this.#readOn(),
    });
  }

  // — to the layers above —

  get writable(): boolean {
    return this.#state === 'open' && !this.#socketFull && !this.#engine.exchangingKeys;
  }

  listen(listener: IPacketListener): void {
    this.#listener = listener;
  }

  send(...pieces: readonly Uint8Array[]): void {
    if (this.#state !== 'open') return;
    if (this.#engine.exchangingKeys) this.#hold(message(...pieces));
    else this.#seal(pieces);
  }

  disconnect(reason: number, text: string): void {
    if (this.#state !== 'open') return;
    if (this.#engine.usable && this.#identified) {
      this.#engine.sealNow(message(byte(Message.DISCONNECT), uint32(reason), string(text), string('')));
    }
    this.#close();
  }

  /** Exchange keys again, unless that is going on already, or nobody listens yet. */
  rekey(): void {
    if (this.#state !== 'open' || !this.#listener || this.#engine.exchangingKeys) return;
    this.#keyAge.exchanging();
    this.#engine.rekey();
  }

  /** What the peer has said that it takes, RFC 8308. Only a client is told. */
  get extensions(): Extensions {
    return this.#extensions;
  }

  /** Drop the link and everything queued, now. */
  abort(): void {
    this.#transport?.abortConnection();
  }

  rejectMessage(): void {
    this.send(message(byte(Message.UNIMPLEMENTED), uint32(this.#engine.receivedSequence)));
  }

  getPeer(): Address {
    return this.#connected.getPeer();
  }

  getHost(): Address {
    return this.#connected.getHost();
  }

  /** The peer has logged in: from now on its packets may be large. */
  loggedIn(): void {
    this.#loggedIn = true;
    this.#engine.loggedIn();
  }

  // — from the transport below —

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    transport.registerProducer(this, true);
    this.#engine.start();
  }

  /** Before login the engine may keep what it is given; behind it, readers of ours copy what is kept. */
  dataBorrowed(data: Uint8Array): void {
    this.dataReceived(this.#loggedIn ? data : Buffer.from(data));
  }

  dataReceived(data: Uint8Array): void {
    if (this.#state !== 'open') return;
    try {
      const bytes = this.#identified ? Buffer.from(data.buffer, data.byteOffset, data.length) : this.#identify(data);
      if (bytes) this.#parse(bytes);
    } catch (error) {
      this.#fail(asError(error));
    }
  }

  /** A peer that has closed its side has gone, in SSH: nobody is left to wait for. */
  readConnectionLost(): void {
    if (this.#state === 'open') this.#close();
  }

  writeConnectionLost(): void {
    // We never close one side only.
  }

  connectionLost(reason: CloseReason): void {
    this.#state = 'ended';
    clearTimeout(this.#flushTimer);
    this.#keyAge.stop();
    this.#engine.cleanup();
    this.#held = [];
    const why = this.#reason ?? reason;
    if (this.#listener) this.#listener.linkLost(why);
    else this.#owner.handshakeFailed(why);
  }

  pauseProducing(): void {
    this.#socketFull = true;
  }

  resumeProducing(): void {
    this.#socketFull = false;
    if (this.#sentWhileFull > REPLY_BACKLOG_BYTES) this.#transport?.resumeProducing();
    this.#sentWhileFull = 0;
    this.#tellWritable();
  }

  stopProducing(): void {
    this.#state = 'ended';
  }

  // — identification and key exchange —

  #identify(data: Uint8Array): Buffer | undefined {
    const ident = this.#ident.feed(data);
    if (!ident) return undefined;
    this.#identified = true;
    this.#owner.identified?.();
    this.#peerSoftware = peerSoftware(ident.line);
    return Buffer.concat([ident.line, ident.rest]);
  }

  #parse(bytes: Buffer): void {
    this.#pace.count(bytes.length);
    this.#keyAge.receivedBytes(bytes.length);
    this.#read(bytes);
  }

  /** Nothing more is read until the server's host key has been accepted. */
  #read(bytes: Buffer): void {
    const all = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    this.#unread = Buffer.from(all.subarray(this.#engine.parse(all)));
    if (this.#unread.length > 0) this.#transport?.pauseProducing();
  }

  #readOn(): void {
    if (this.#sentWhileFull <= REPLY_BACKLOG_BYTES) this.#transport?.resumeProducing();
    this.dataReceived(Buffer.alloc(0));
  }

  #keysExchanged(negotiated: Negotiated): void {
    this.#keyAge.renewed();
    if (this.#listener) this.#owner.rekeyed?.(negotiated);
    else {
      const { sessionId } = this.#engine;
      const hostKey = this.#engine.hostKey(negotiated);
      this.#owner.handshakeComplete({ ...negotiated, sessionId, hostKey, peerSoftware: this.#peerSoftware });
    }
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const payload of held) this.send(payload);
    this.#tellWritable();
  }

  // — messages —

  #payloadReceived(payload: Buffer): unknown {
    if (this.#state !== 'open') return STOP;
    try {
      this.#keyAge.received();
      return this.#dispatch(payload);
    } catch (error) {
      this.#fail(asError(error));
      return STOP;
    }
  }

  #dispatch(payload: Buffer): unknown {
    const number = payload[0];
    if (number === Message.KEXINIT) return this.#exchangeKeys(payload);
    if (number === Message.DISCONNECT) return this.#disconnected(payload);
    if (number === Message.PING) return this.#pong(payload);
    if (number === Message.EXT_INFO && this.#role === 'client') this.#extensions = readExtInfo(payload);
    else if (number !== undefined && !silent.has(number)) this.#listener?.messageReceived(payload);
    return this.#state === 'open' ? undefined : STOP;
  }

  /** The pace is the peer's only when the peer begins. */
  #exchangeKeys(payload: Buffer): unknown {
    if (!this.#engine.exchangingKeys) {
      this.#pace.exchange();
      this.#keyAge.exchanging();
    }
    return this.#engine.answerKeyExchange(payload);
  }

  /** A reply like any other: held while keys are exchanged, counted when the socket is full (CVE-2025-26466). */
  #pong(payload: Buffer): void {
    const reader = new WireReader(payload, 'PING');
    reader.byte();
    const data = reader.string();
    reader.end();
    this.send(message(byte(Message.PONG), string(data)));
  }

  #disconnected(payload: Buffer): number {
    const reader = new WireReader(payload, 'DISCONNECT');
    reader.byte();
    this.#peerLeft(reader.uint32(), reader.text());
    return STOP;
  }

  #peerLeft(reason: number, text: string): void {
    const orderly = reason === DisconnectReason.BY_APPLICATION;
    this.#reason = orderly ? done : { kind: 'lost', error: new Error(`peer disconnected: ${text} (${reason})`) };
    this.#close();
  }

  #hold(payload: Uint8Array): void {
    this.#held.push(payload);
    this.#heldBytes += payload.length + HELD_MESSAGE_BYTES;
    if (this.#heldBytes > KEX_BACKLOG_BYTES)
      this.#fail(new RemoteProtocolError('RFC 4253 §7.1', 'key exchange takes for ever'));
  }

  #seal(pieces: readonly Uint8Array[]): void {
    const bytes = this.#engine.seal(pieces);
    this.#pace.count(bytes);
    this.#keyAge.sent(bytes);
  }

  /**
   * Bulk data stops when the socket is full; what still goes out are replies, and a peer may provoke no end of them.
   * Counted as sealed: a reply of one byte is a packet of fifty.
   */
  #write(data: Uint8Array, returned?: () => void): void {
    const transport = this.#transport;
    if (returned && transport && isLender(transport)) transport.lend(data, returned);
    else transport?.write(data);
    if (!this.#socketFull) return;
    const before = this.#sentWhileFull;
    this.#sentWhileFull += data.length;
    if (before <= REPLY_BACKLOG_BYTES && this.#sentWhileFull > REPLY_BACKLOG_BYTES) this.#transport?.pauseProducing();
  }

  #tellWritable(): void {
    if (this.writable) this.#listener?.linkWritable();
  }

  // — ending —

  get #connected(): IStreamTransport {
    if (!this.#transport) throw new LocalMisuseError('this link has no transport yet');
    return this.#transport;
  }

  #fail(error: Error): void {
    if (this.#state !== 'open') return;
    this.#reason = { kind: 'protocol-error', error };
    if (error instanceof HostKeyRefusedError)
      return this.disconnect(DisconnectReason.HOST_KEY_NOT_VERIFIABLE, 'this is not the host key of the server I want');
    const ours = error instanceof RemoteProtocolError ? error.message : 'internal error';
    this.disconnect(DisconnectReason.PROTOCOL_ERROR, ours);
  }

  #close(): void {
    this.#state = 'ending';
    this.#transport?.unregisterProducer();
    this.#transport?.loseConnection();
    this.#flushTimer = setTimeout(() => this.abort(), DISCONNECT_FLUSH_MS);
  }
}

/** Messages that need no answer and carry nothing we use. RFC 4253 §11.2–11.4, RFC 8308. */
const silent: ReadonlySet<number> = new Set([
  Message.IGNORE,
  Message.UNIMPLEMENTED,
  Message.DEBUG,
  Message.EXT_INFO,
  Message.PONG,
]);
