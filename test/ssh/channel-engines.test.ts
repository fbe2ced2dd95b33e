/**
 * The model of a channel between two ends of ours with real packets, by every cipher, over lines of any pace, with key
 * exchanges that either end begins, or both at once, in the middle of anything.
 */
import { describe } from '@jest/globals';
import fc from '../support/properties.ts';
import { algorithmProfiles } from '../../ssh/algorithms.ts';
import type { IPacketLink, IPacketListener } from '../../ssh/packets.ts';
import type { PacketLink } from '../../ssh/ssh2/packet-link.ts';
import { delayed, sshPair } from '../../ssh/testing.ts';
import type { Address } from '../../transport/address.ts';
import type { CloseReason } from '../../transport/close-reason.ts';
import { channelFacts, type Line, type LineEnd } from './channel-model.ts';

const { ciphers, macs } = algorithmProfiles.compatible;
/** No more than the pace of key exchanges allows: key-exchange-pace.ts. */
const MOST_REKEYS = 6;
/** Of data in one message, whatever the world says: that is as much as a connection of ours ever takes. */
const LARGEST_PACKET = 32_768;

/** Between a connection and its packets: writes down, and can say that it is full. */
class WatchedLink implements IPacketLink, LineEnd {
  readonly sent: Buffer[] = [];
  disconnected: CloseReason | undefined;
  readonly #link: PacketLink;
  #listener: IPacketListener | undefined;
  #writable = true;
  #rekeysLeft = MOST_REKEYS;
  #lost = false;

  constructor(link: PacketLink) {
    this.#link = link;
  }

  get writable(): boolean {
    return this.#writable && this.#link.writable;
  }

  set writable(writable: boolean) {
    this.#writable = writable;
    if (this.writable) this.#listener?.linkWritable();
  }

  rekey(): void {
    if (this.#rekeysLeft > 0) this.#link.rekey();
    this.#rekeysLeft -= 1;
  }

  lose(): void {
    this.#lost = true;
    this.#link.abort();
  }

  send(...pieces: readonly Uint8Array[]): void {
    this.sent.push(Buffer.concat(pieces));
    this.#link.send(...pieces);
  }

  disconnect(reason: number, why: string): void {
    this.#link.disconnect(reason, why);
  }

  rejectMessage(): void {
    this.#link.rejectMessage();
  }

  listen(listener: IPacketListener): void {
    this.#listener = listener;
    this.#link.listen({
      messageReceived: payload => listener.messageReceived(payload),
      linkWritable: () => (this.writable ? listener.linkWritable() : undefined),
      linkLost: reason => {
        if (!this.#lost) this.disconnected = reason;
        listener.linkLost(reason);
      },
    });
  }

  getPeer(): Address {
    return this.#link.getPeer();
  }

  getHost(): Address {
    return this.#link.getHost();
  }
}

const end = fc.constantFrom<0 | 1>(0, 1);

/** The key agreement is the cheapest: key-exchange.test.ts has the others. */
const lines = fc.record({
  cipher: fc.constantFrom(...ciphers),
  mac: fc.constantFrom(...macs),
  delays: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 }),
});

describe('a channel over real packets, in any world,', () =>
  channelFacts({
    steps: [
      { weight: 2, arbitrary: fc.record({ do: fc.constant('rekey' as const), end }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('rekey both' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const), count: fc.integer({ min: 5, max: 60 }) }) },
    ],
    lines: lines.map(({ cipher, mac, delays }) => async ([opener, acceptor], maxPackets): Promise<Line> => {
      const [client, server] = maxPackets.map(size => ({ maxPacketSize: Math.min(size, LARGEST_PACKET) }));
      const ends: { client?: WatchedLink; server?: WatchedLink } = {};
      let delivery = 0;
      const pair = await sshPair({
        both: { algorithms: { kex: ['curve25519-sha256'], ciphers: [cipher], macs: [mac] } },
        client: {
          connection: { ...opener, ...client },
          wrap: link => (ends.client = new WatchedLink(link)),
        },
        server: {
          connection: { ...acceptor, ...server },
          wrap: link => (ends.server = new WatchedLink(link)),
        },
        join: delayed(() => delays[(delivery += 1) % delays.length]!),
      });
      return {
        ends: [ends.client!, ends.server!],
        opener: pair.client.connection,
        [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
      };
    }),
    runs: 60,
  }));
