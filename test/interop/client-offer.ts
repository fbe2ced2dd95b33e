/**
 * What a client offers: the lists of its KEXINIT (RFC 4253 §7.1), asked of the client itself by letting it connect to
 * somebody who only listens. No list of what a version ought to have can be wrong in that way.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { WireReader } from '../../ssh/wire.ts';
import { run, type Invocation } from './run.ts';

export interface Offer {
  readonly kex: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

/** Run the client that `call` gives for a port, against nobody. Rejects, with what it said, if it offers nothing. */
export async function offerOf(call: (port: number) => Invocation, home: string): Promise<Offer> {
  let offer: Offer | undefined;
  const enough = new AbortController(); // some clients wait for ever for a connection that they have lost
  const listener = createServer(socket => {
    socket.on('error', () => undefined).write('SSH-2.0-Curious\r\n');
    void firstPacket(socket).then(packet => {
      offer = readOffer(packet);
      socket.destroy();
      enough.abort();
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    const { stderr } = await run(call((listener.address() as AddressInfo).port), { home, enough: enough.signal });
    if (offer) return offer;
    throw new Error(`the client ended before it had offered anything: ${stderr.toString()}`);
  } finally {
    listener.close();
  }
}

/** The payload of the first packet behind the identification line; nothing is encrypted yet. RFC 4253 §6. */
async function firstPacket(socket: Socket): Promise<Buffer> {
  let seen = Buffer.alloc(0);
  for await (const data of socket) {
    seen = Buffer.concat([seen, data as Buffer]);
    const start = seen.indexOf('\n') + 1;
    if (start === 0 || seen.length < start + 5) continue;
    const end = start + 4 + seen.readUInt32BE(start);
    if (seen.length >= end) return seen.subarray(start + 5, end);
  }
  throw new Error('the client ended the connection within its first packet');
}

/** Message number and cookie stand before the lists; those of the other direction are the same in every client. */
function readOffer(packet: Buffer): Offer {
  const reader = new WireReader(packet.subarray(17), 'KEXINIT');
  const [kex = [], , ciphers = [], , macs = []] = Array.from({ length: 5 }, () => reader.nameList());
  return { kex, ciphers, macs };
}
