/**
 * The SSH packet layer over any transport: one link, which an engine that exchanges keys and seals packets works for.
 *
 * It is a protocol to the transport below and a link to the layers above. It decides what the engine is given and when,
 * and turns whatever the engine or a listener throws into one disconnect. What waits is counted in held-messages.ts and
 * reply-backlog.ts. It knows nothing of logins or channels. RFC 4253.
 */
import type { Address } from '../../transport/address.ts';
import type { IBorrower } from '../../transport/borrowed.ts';
import type { CloseReason } from '../../transport/close-reason.ts';
import type { IHalfCloseableProtocol, IPushProducer, IStreamTransport } from '../../transport/contracts.ts';
import { isLender } from '../../transport/lender.ts';
import { asError, LocalMisuseError, RemoteProtocolError } from '../../transport/errors.ts';
import { Message } from '../codes.ts';
import { noExtensions, readExtInfo, type Extensions } from '../ext-info.ts';
import { IdentReader, identRules, peerSoftware } from '../ident.ts';
import type { KeyAgreementRole } from '../key-agreement.ts';
import { KeyAge, type KeyLimits, type KeyOwner } from '../key-age.ts';
import { KeyExchangePace } from '../key-exchange-pace.ts';
import {
  disconnectFor,
  disconnectMessage,
  endBy,
  pong,
  readDisconnect,
  silentMessages,
  unimplemented,
  type Disconnect,
} from '../link-messages.ts';
import type { IPacketLink, IPacketListener } from '../packets.ts';
import { asBuffer, message } from '../wire.ts';
import type { EngineSetup } from './engine-roles.ts';
import { HeldMessages } from './held-messages.ts';
import { STOP, type Negotiated } from './library.ts';
import type { EngineUser } from './engine-user.ts';
import { PacketEngine } from './packet-engine.ts';
import { ReplyBacklog } from './reply-backlog.ts';

/** Time for the last bytes to leave after a disconnect, in milliseconds. */
const DISCONNECT_FLUSH_MS = 5_000;

export interface Handshake extends Negotiated {
  readonly sessionId: Buffer;
  /** The server's, RFC 4253 §6.6 encoding. */
  readonly hostKey: Buffer;
  /** The peer's software version line, printable ASCII. */
  readonly peerSoftware: string;
}

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

/** Whose identification each end reads. */
const peersIdent = { server: identRules.client, client: identRules.server } as const;

export class PacketLink implements IPacketLink, IHalfCloseableProtocol, IBorrower, IPushProducer, EngineUser, KeyOwner {
  readonly #owner: LinkOwner;
  readonly #engine: PacketEngine;
  readonly #role: KeyAgreementRole;
  /** There until the peer has said who it is. */
  #ident: IdentReader | undefined;
  #peerSoftware = '';
  #extensions: Extensions = noExtensions;
  #transport: IStreamTransport | undefined;
  #listener: IPacketListener | undefined;
  #state: 'open' | 'ending' | 'ended' = 'open';
  /** Set when we end the link for a reason of our own: the transport will only say that it closed. */
  #reason: CloseReason | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  readonly #held = new HeldMessages();
  readonly #backlog = new ReplyBacklog();
  readonly #keyAge: KeyAge;
  readonly #pace = new KeyExchangePace();

  constructor(owner: LinkOwner, setup: EngineSetup, limits: Required<KeyLimits>) {
    this.#owner = owner;
    this.#role = setup.role;
    this.#ident = new IdentReader(peersIdent[setup.role]);
    this.#keyAge = new KeyAge(limits, this);
    this.#engine = new PacketEngine(setup, this);
  }

  // — to the layers above —

  get writable(): boolean {
    return this.#state === 'open' && !this.#backlog.socketFull && !this.#engine.exchangingKeys;
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
    if (this.#engine.usable && !this.#ident) this.#engine.sealNow(disconnectMessage({ reason, text }));
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
    this.send(unimplemented(this.#engine.receivedSequence));
  }

  getPeer(): Address {
    return this.#connected.getPeer();
  }

  getHost(): Address {
    return this.#connected.getHost();
  }

  /** The peer has logged in: from now on its packets may be large. */
  loggedIn(): void {
    this.#engine.peerLoggedIn = true;
  }

  // — from the transport below —

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    transport.registerProducer(this, true);
    this.#engine.start();
  }

  /** Before login the engine may keep what it is given; behind it, readers of ours copy what is kept. */
  dataBorrowed(data: Uint8Array): void {
    this.dataReceived(this.#engine.peerLoggedIn ? data : Buffer.from(data));
  }

  dataReceived(data: Uint8Array): void {
    if (this.#state !== 'open') return;
    try {
      const bytes = this.#ident ? this.#identify(data, this.#ident) : asBuffer(data);
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
    this.#held.release();
    const why = this.#reason ?? reason;
    if (this.#listener) this.#listener.linkLost(why);
    else this.#owner.handshakeFailed(why);
  }

  pauseProducing(): void {
    this.#backlog.filled();
  }

  resumeProducing(): void {
    if (this.#backlog.drained()) this.#transport?.resumeProducing();
    this.#tellWritable();
  }

  stopProducing(): void {
    this.#state = 'ended';
  }

  // — identification and key exchange —

  #identify(data: Uint8Array, reader: IdentReader): Buffer | undefined {
    const ident = reader.feed(data);
    if (!ident) return undefined;
    this.#ident = undefined;
    this.#peerSoftware = peerSoftware(ident.line);
    this.#owner.identified?.();
    return Buffer.concat([ident.line, ident.rest]);
  }

  #parse(bytes: Buffer): void {
    this.#pace.count(bytes.length);
    this.#keyAge.receivedBytes(bytes.length);
    if (!this.#engine.parse(bytes)) this.#transport?.pauseProducing();
  }

  // — from the engine —

  hostKeyAccepted(): void {
    if (!this.#backlog.tooLong) this.#transport?.resumeProducing();
    this.dataReceived(Buffer.alloc(0));
  }

  keysExchanged(negotiated: Negotiated): void {
    this.#keyAge.renewed();
    if (this.#listener) this.#owner.rekeyed?.(negotiated);
    else {
      const { kex, serverHostKey, cs, sc } = negotiated;
      const { sessionId } = this.#engine;
      const hostKey = this.#engine.hostKey(negotiated);
      const peerSoftware = this.#peerSoftware;
      this.#owner.handshakeComplete({ kex, serverHostKey, cs, sc, sessionId, hostKey, peerSoftware });
    }
    for (const payload of this.#held.release()) this.send(payload);
    this.#tellWritable();
  }

  packetSealed(data: Buffer, returned?: () => void): void {
    const transport = this.#transport;
    if (returned && transport && isLender(transport)) transport.lend(data, returned);
    else transport?.write(data);
    if (this.#backlog.count(data.length)) transport?.pauseProducing();
  }

  engineFailed(error: Error): void {
    this.#fail(error);
  }

  exchangeLate(error: RemoteProtocolError): void {
    this.#fail(error);
  }

  peerLeft(reason: number, text: string): void {
    this.#endedByPeer({ reason, text });
  }

  payloadReceived(payload: Buffer): unknown {
    if (this.#state !== 'open') return STOP;
    try {
      this.#keyAge.received();
      return this.#dispatch(payload);
    } catch (error) {
      this.#fail(asError(error));
      return STOP;
    }
  }

  // — messages —

  #dispatch(payload: Buffer): unknown {
    const number = payload[0];
    if (number === Message.KEXINIT) return this.#exchangeKeys(payload);
    if (number === Message.DISCONNECT) return this.#endedByPeer(readDisconnect(payload));
    // A reply like any other: held while keys are exchanged, counted when the socket is full (CVE-2025-26466).
    if (number === Message.PING) return this.send(pong(payload));
    if (number === Message.EXT_INFO && this.#role === 'client') this.#extensions = readExtInfo(payload);
    else if (number !== undefined && !silentMessages.has(number)) this.#listener?.messageReceived(payload);
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

  #endedByPeer(disconnect: Disconnect): number {
    this.#reason = endBy(disconnect);
    this.#close();
    return STOP;
  }

  #hold(payload: Uint8Array): void {
    this.#held.hold(payload);
    if (this.#held.tooMany) this.#fail(new RemoteProtocolError('RFC 4253 §7.1', 'key exchange takes for ever'));
  }

  #seal(pieces: readonly Uint8Array[]): void {
    const bytes = this.#engine.seal(pieces);
    this.#pace.count(bytes);
    this.#keyAge.sent(bytes);
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
    const { reason, text } = disconnectFor(error);
    this.disconnect(reason, text);
  }

  #close(): void {
    this.#state = 'ending';
    this.#transport?.unregisterProducer();
    this.#transport?.loseConnection();
    this.#flushTimer = setTimeout(() => this.abort(), DISCONNECT_FLUSH_MS);
  }
}
