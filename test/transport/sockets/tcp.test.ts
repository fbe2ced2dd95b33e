/** What TCP does beyond the contract: resets, lingering, addresses, giving up. */
import { describe, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLender } from '../../../transport/lender.ts';
import { connectTcp, listenTcp, type ITCPTransport, type TcpListener } from '../../../transport/sockets/tcp.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { PATIENCE } from '../../support/patience.ts';
import { testWhere } from '../../support/possible.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

const host = '127.0.0.1';
const megabyte = Buffer.alloc(1_000_000, 'm');

/** A listener whose next connection goes to `protocol`. */
const listenFor = (protocol: Recorder, options: { lingerTime?: number; host?: string } = {}): Promise<TcpListener> =>
  listenTcp({ host, port: 0, ...options }, () => protocol);

/** Connect without our code and wait for the error that ends it: its code. */
async function endOfRawPeer(port: number): Promise<string | undefined> {
  const [error] = (await once(connect({ host, port }), 'error')) as [NodeJS.ErrnoException];
  return error.code;
}

test('bytes that were lent may change once they come back, and none comes back that the kernel has not', async () => {
  const sender = new Recorder();
  await using listener = await listenFor(sender);
  const peer = connect({ host, port: listener.address.port }).pause();
  closeAfterTest(() => void peer.destroy());
  await sender.until(() => sender.transport !== undefined);
  const { transport } = sender;
  if (!isLender(transport)) throw new Error('TCP lends');
  const count = 100;
  let back = 0;
  let allBack = (): void => undefined;
  const whenAllBack = new Promise<void>(resolve => (allBack = resolve));
  const returned = (piece: Buffer): void => {
    piece.fill(0xff);
    back += 1;
    if (back === count) allBack();
  };
  for (let number = 0; number < count; number += 1) {
    const piece = Buffer.alloc(150_000, number);
    transport.lend(piece, () => returned(piece));
    await turns(1);
  }
  expect(back).toBeLessThan(count);
  const received: Buffer[] = [];
  peer.on('data', (data: Buffer) => received.push(data)).resume();
  await whenAllBack;
  transport.loseConnection();
  await once(peer, 'end');
  peer.end();
  const expected = Buffer.concat(Array.from({ length: count }, (_, number) => Buffer.alloc(150_000, number)));
  expect(Buffer.concat(received).equals(expected)).toBe(true);
});

test('all that are accepted read into the same memory, and who does not borrow may keep what it gets', async () => {
  const memories: ArrayBufferLike[] = [];
  class Borrower extends Recorder {
    dataBorrowed(data: Uint8Array): void {
      memories.push(data.buffer);
      this.dataReceived(Buffer.from(data));
    }
  }
  const kept: Uint8Array[] = [];
  class Keeper extends Recorder {
    override dataReceived(data: Uint8Array): void {
      kept.push(data);
      super.dataReceived(data);
    }
  }
  const protocols = [new Borrower(), new Borrower(), new Keeper(), new Keeper()];
  const waiting = [...protocols];
  await using listener = await listenTcp({ host, port: 0 }, () => waiting.shift());
  for (const [number, protocol] of protocols.entries()) {
    const peer = connect({ host, port: listener.address.port }).setNoDelay();
    closeAfterTest(() => void peer.destroy());
    peer.write(Buffer.alloc(1_000, number));
    await protocol.until(() => protocol.text.length === 1_000);
  }
  expect(memories[0]).toBe(memories[1]);
  const contents = kept.map(data => [...new Set(data)]);
  expect([...new Set(contents.flat())]).toEqual([2, 3]);
  for (const protocol of protocols) protocol.transport.abortConnection();
});

describe('the lingering close', () => {
  test('a closer that never read gets its last megabyte through to a peer that sent it one', async () => {
    const closer = new Recorder({ makeConnection: transport => transport.pauseProducing() });
    await using listener = await listenFor(closer, { lingerTime: PATIENCE });
    const peer = connect({ host, port: listener.address.port, allowHalfOpen: true });
    const chunks: Buffer[] = [];
    peer.on('data', (chunk: Buffer) => chunks.push(chunk)).pause();
    await once(peer, 'connect');
    peer.write(megabyte);
    await closer.until(() => closer.transport !== undefined);
    closer.transport.write(megabyte);
    closer.transport.loseConnection();
    peer.resume();
    await once(peer, 'end');
    peer.end();
    expect(Buffer.concat(chunks).equals(megabyte)).toBe(true);
    expect(await closer.ended()).toEqual({ kind: 'done' });
  });

  test('it goes on reading, so that a peer that listens only after its own sixteen megabytes hears ours', async () => {
    const closer = new Recorder({ makeConnection: transport => transport.pauseProducing() });
    await using listener = await listenFor(closer, { lingerTime: PATIENCE });
    const peer = connect({ host, port: listener.address.port, allowHalfOpen: true });
    let heard = 0;
    peer.on('data', (chunk: Buffer) => (heard += chunk.length)).pause();
    await once(peer, 'connect');
    peer.write(Buffer.alloc(16_000_000), () => peer.resume());
    await closer.until(() => closer.transport !== undefined);
    closer.transport.write(Buffer.from('ours'));
    closer.transport.loseConnection();
    await once(peer, 'end');
    peer.end();
    expect(heard).toBe(4);
  });

  test('connectionLost does not wait for the peer to close too', async () => {
    const closer = new Recorder({ makeConnection: transport => transport.loseConnection() });
    await using listener = await listenFor(closer);
    const peer = connect({ host, port: listener.address.port, allowHalfOpen: true });
    expect(await closer.ended()).toEqual({ kind: 'done' });
    peer.destroy();
  });

  test('it is bounded: a peer that never closes is let go when the time is up', async () => {
    const closer = new Recorder({ makeConnection: transport => transport.loseConnection() });
    await using listener = await listenFor(closer, { lingerTime: 50 });
    const peer = connect({ host, port: listener.address.port, allowHalfOpen: true }).resume();
    await once(peer, 'end');
    const failed = once(peer, 'error') as Promise<[NodeJS.ErrnoException]>;
    const keepTalking = setInterval(() => peer.write('still here'), 5);
    const [error] = await failed;
    clearInterval(keepTalking);
    expect(['ECONNRESET', 'EPIPE']).toContain(error.code);
  });
});

test('abortConnection resets the connection: the peer sees ECONNRESET, not an orderly end', async () => {
  const near = new Recorder({ dataReceived: () => near.transport.abortConnection() });
  await using listener = await listenFor(near);
  const peer = connect({ host, port: listener.address.port });
  const failed = once(peer, 'error') as Promise<[NodeJS.ErrnoException]>;
  peer.write('go');
  expect((await failed)[0].code).toBe('ECONNRESET');
  expect(await near.ended()).toEqual({ kind: 'aborted' });
});

test("a peer's reset is lost, with the system's error", async () => {
  const near = new Recorder();
  await using listener = await listenFor(near);
  const peer = connect({ host, port: listener.address.port });
  await once(peer, 'connect');
  peer.resetAndDestroy();
  expect(await near.ended()).toMatchObject({ kind: 'lost', error: { code: 'ECONNRESET' } });
});

describe('addresses', () => {
  test('each end names the other, with real ports, during the connection and after it', async () => {
    const [near, far] = [new Recorder(), new Recorder()];
    await using listener = await listenFor(far);
    const out = await connectTcp({ host, port: listener.address.port }, near);
    expect(listener.address.port).toBeGreaterThan(0);
    expect(out.getPeer()).toEqual(listener.address);
    out.loseConnection();
    await Promise.all([near.ended(), far.ended()]);
    expect(out.getPeer()).toEqual(listener.address);
    expect(far.transport.getPeer()).toEqual(out.getHost());
    expect(far.transport.getHost()).toEqual(out.getPeer());
  });

  const hasIpv6 = Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === '::1'));
  const withIpv6 = testWhere(hasIpv6, 'this machine has no IPv6 loopback address');

  withIpv6('IPv6 works, and is shown without brackets', async () => {
    const far = new Recorder();
    await using listener = await listenFor(far, { host: '::1' });
    const out = await connectTcp({ host: '::1', port: listener.address.port }, new Recorder());
    expect(out.getPeer()).toEqual({ kind: 'tcp', host: '::1', port: listener.address.port });
    out.loseConnection();
    await far.ended();
  });

  withIpv6('an IPv4 peer of a listener on both families is shown as IPv4', async () => {
    const far = new Recorder();
    await using listener = await listenFor(far, { host: '::' });
    const out = await connectTcp({ host, port: listener.address.port }, new Recorder());
    out.loseConnection();
    await far.ended();
    expect(far.transport.getPeer()).toEqual(out.getHost());
    expect(far.transport.getPeer()).toMatchObject({ host: '127.0.0.1' });
  });
});

describe('listening', () => {
  test('a peer for whom no protocol is built is turned away, and the next is not', async () => {
    const far = new Recorder();
    const answers = [undefined, far];
    await using listener = await listenTcp({ host, port: 0 }, () => answers.shift());
    expect(await endOfRawPeer(listener.address.port)).toBe('ECONNRESET');
    const out = await connectTcp({ host, port: listener.address.port }, new Recorder());
    out.loseConnection();
    await far.ended();
  });

  test('a buildProtocol that throws is told to onError, turns that peer away, and listening goes on', async () => {
    const errors: string[] = [];
    const far = new Recorder();
    const builders = [
      () => {
        throw new Error('no protocol today');
      },
      () => far,
    ];
    const onError = (error: Error): void => void errors.push(error.message);
    await using listener = await listenTcp({ host, port: 0, onError }, () => builders.shift()?.());
    expect(await endOfRawPeer(listener.address.port)).toBe('ECONNRESET');
    expect(errors).toEqual(['no protocol today']);
    const out = await connectTcp({ host, port: listener.address.port }, new Recorder());
    out.loseConnection();
    await far.ended();
  });

  test('close lets connections go on, refuses new ones, and may be repeated', async () => {
    const far = new Recorder();
    const listener = await listenFor(far);
    const { port } = listener.address;
    const near = new HalfCloseableRecorder();
    await connectTcp({ host, port }, near);
    await far.until(() => far.transport !== undefined);
    await listener.close();
    await listener.close();
    await expect(connectTcp({ host, port }, new Recorder())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    near.transport.write(Buffer.from('still here'));
    await far.until(() => far.text === 'still here');
    near.transport.loseConnection();
    await Promise.all([near.ended(), far.ended()]);
  });

  test('an address in use is a rejection', async () => {
    await using listener = await listenFor(new Recorder());
    const again = listenTcp({ host, port: listener.address.port }, () => undefined);
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('connecting', () => {
  test('an aborted signal is a rejection with its reason, before or during the attempt; the protocol hears nothing', async () => {
    await using listener = await listenTcp({ host, port: 0 }, () => new Recorder());
    const { port } = listener.address;
    const reason = new Error('changed our mind');
    const near = new Recorder();
    await expect(connectTcp({ host, port, signal: AbortSignal.abort(reason) }, near)).rejects.toBe(reason);
    const later = new AbortController();
    const attempt = connectTcp({ host, port, signal: later.signal }, near);
    later.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    expect(near.calls).toEqual([]);
  });

  test('an attempt that takes longer than connectTimeout is a rejection with ETIMEDOUT', async () => {
    await using listener = await listenTcp({ host, port: 0 }, () => new Recorder());
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const attempt = connectTcp({ host, port: listener.address.port }, new Recorder());
    jest.advanceTimersByTime(30_000);
    jest.useRealTimers();
    await expect(attempt).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  test('a signal aborted after connecting means nothing', async () => {
    const far = new Recorder();
    await using listener = await listenFor(far);
    const control = new AbortController();
    const near = new Recorder();
    await connectTcp({ host, port: listener.address.port, signal: control.signal }, near);
    control.abort();
    near.transport.write(Buffer.from('still here'));
    await far.until(() => far.text === 'still here');
    near.transport.loseConnection();
    await Promise.all([near.ended(), far.ended()]);
  });
});

describe('no-delay and keep-alive', () => {
  test('are on unless told otherwise, are remembered when set, and are still answered after the end', async () => {
    const far = new Recorder();
    await using listener = await listenFor(far);
    const near = new Recorder();
    const transport = await connectTcp({ host, port: listener.address.port }, near);
    expect([transport.getTcpNoDelay(), transport.getTcpKeepAlive()]).toEqual([true, true]);
    transport.setTcpNoDelay(false);
    transport.setTcpKeepAlive(false);
    transport.loseConnection();
    await near.ended();
    transport.setTcpKeepAlive(true);
    expect([transport.getTcpNoDelay(), transport.getTcpKeepAlive()]).toEqual([false, true]);
    await using other = await connectTcp({ host, port: listener.address.port, noDelay: false, keepAlive: false });
    expect([other.getTcpNoDelay(), other.getTcpKeepAlive()]).toEqual([false, false]);
  });

  testWhere(existsSync('/usr/bin/ss'), 'that keep-alive reaches the kernel: needs ss (package iproute2)')(
    'reach the kernel, whoever made the connection',
    async () => {
      const far = new Recorder();
      await using listener = await listenFor(far);
      const near = await connectTcp({ host, port: listener.address.port });
      closeAfterTest(() => near.abortConnection());
      await far.until(() => far.transport !== undefined);
      const timers = (end: 'dport' | 'sport'): string =>
        execFileSync('ss', ['-tonH', end, '=', `:${listener.address.port}`]).toString();
      for (const [end, transport] of [
        ['dport', near],
        ['sport', far.transport as ITCPTransport],
      ] as const) {
        expect(timers(end)).toContain('keepalive');
        transport.setTcpKeepAlive(false);
        expect(timers(end)).not.toContain('keepalive');
      }
    },
  );
});

describe('what a peer did before its connection was accepted', () => {
  /** Connects, does `then` to its socket, and is gone before the listener has had a turn. */
  const goneAlready = (port: number, then: string): void => {
    const script = `const socket = require('net').connect(${port}, '${host}', () => socket${then})`;
    execFileSync(process.execPath, ['-e', script]);
  };

  test('is heard in order: its bytes, and that there are no more', async () => {
    const far = new HalfCloseableRecorder();
    await using listener = await listenFor(far);
    goneAlready(listener.address.port, '.end("last words", process.exit)');
    await far.until(() => far.readLost > 0);
    expect(far.calls).toEqual(['makeConnection', 'dataReceived', 'readConnectionLost']);
    expect(far.text).toBe('last words');
    far.transport.loseConnection();
    await far.ended();
  });

  test('is not heard if it was a reset: nobody knows who it was, and the next is welcome', async () => {
    const far = new Recorder();
    await using listener = await listenFor(far);
    goneAlready(listener.address.port, '.resetAndDestroy()');
    const peer = connect({ host, port: listener.address.port });
    closeAfterTest(() => void peer.destroy());
    await far.until(() => far.transport !== undefined);
    expect(far.transport.getPeer()).toMatchObject({ port: peer.localPort });
    far.transport.abortConnection();
  });
});

describe('a name with several addresses', () => {
  const both: LookupFunction = (_name, _options, answer) =>
    answer(null, [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);

  test('the one that answers is connected to, though another refuses', async () => {
    const far = new Recorder();
    await using listener = await listenFor(far);
    const near = new Recorder();
    await connectTcp({ host: 'two.example', port: listener.address.port, lookup: both }, near);
    expect(near.transport.getPeer()).toEqual(listener.address);
    near.transport.abortConnection();
  });

  test('where none answers, the rejection names what each one said', async () => {
    const listener = await listenFor(new Recorder());
    await listener.close();
    const { port } = listener.address;
    await expect(connectTcp({ host: 'two.example', port, lookup: both })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: `connect ECONNREFUSED 127.0.0.2:${port}; connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });
});

test('a connection without a protocol waits for one, and loses nothing meanwhile', async () => {
  const far = new Recorder({ makeConnection: transport => transport.write(Buffer.from('early')) });
  await using listener = await listenFor(far);
  const transport = await connectTcp({ host, port: listener.address.port });
  await turns(20);
  const near = new Recorder();
  transport.start(near);
  await near.until(() => near.text === 'early');
  transport.abortConnection();
});
