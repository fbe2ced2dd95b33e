/** What a connection behind a PROXY header does beyond the contract: who it says is there, and what comes without one. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import type { CloseReason } from '../../../transport/close-reason.ts';
import type { IProtocol } from '../../../transport/contracts.ts';
import { proxyProtocol, type ProxiedConnection } from '../../../transport/sockets/proxy-protocol.ts';
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { listenTcp } from '../../../transport/sockets/tcp.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { v1, v2 } from '../../support/proxy-header.ts';

const header = v1('PROXY TCP4 192.0.2.1 198.51.100.7 56324 22');
const client = { kind: 'tcp', host: '192.0.2.1', port: 56324 };

interface Options {
  readonly required?: boolean;
  readonly timeout?: number;
  readonly above?: Recorder;
}

function openInMemory({ required = true, timeout = 60_000, above = new Recorder() }: Options = {}) {
  const refused: CloseReason[] = [];
  const seen: ProxiedConnection[] = [];
  const take = (connection: ProxiedConnection): IProtocol => {
    seen.push(connection);
    return above;
  };
  const protocol = proxyProtocol({ required, timeout, refused: reason => void refused.push(reason) }, take);
  const transport = new StringTransport({ disconnects: true });
  transport.start(protocol);
  closeAfterTest(() => transport.lose());
  return { transport, above, seen, refused };
}

/** Each way the bytes may arrive. */
const arrivals: Array<[name: string, split: (data: Buffer) => Buffer[]]> = [
  ['in one piece', data => [data]],
  ['byte by byte', data => Array.from(data, byte => Buffer.from([byte]))],
];

for (const [arrival, split] of arrivals) {
  describe(`a header arriving ${arrival}`, () => {
    test('gives the addresses of the client, and every byte behind it', () => {
      const { transport, above, seen } = openInMemory();
      for (const piece of split(Buffer.concat([header, Buffer.from('SSH-2.0-x\r\n')]))) transport.receive(piece);
      expect(seen).toMatchObject([{ peer: client, direct: false }]);
      expect(above.transport.getPeer()).toEqual(client);
      expect(above.transport.getHost()).toEqual({ kind: 'tcp', host: '198.51.100.7', port: 22 });
      expect(above.text).toBe('SSH-2.0-x\r\n');
    });

    test('LOCAL and UNKNOWN leave the addresses of the proxy’s own connection', () => {
      for (const own of [v2({ command: 0x20 }), v1('PROXY UNKNOWN')]) {
        const { transport, above, seen } = openInMemory();
        for (const piece of split(own)) transport.receive(piece);
        expect(seen).toMatchObject([{ direct: true }]);
        expect(above.transport.getPeer()).toEqual(transport.getPeer());
      }
    });

    test('what has none is taken as it is where none is required', () => {
      const { transport, above, seen } = openInMemory({ required: false });
      for (const piece of split(Buffer.from('PROSSH-2.0-x\r\n'))) transport.receive(piece);
      expect(seen).toMatchObject([{ peer: transport.getPeer(), direct: true }]);
      expect(above.text).toBe('PROSSH-2.0-x\r\n');
    });

    test('what has none is a breach where one is required, and nobody is asked to take it', () => {
      const { transport, seen } = openInMemory();
      const receive = (): void => split(Buffer.from('SSH-2.0-x\r\n')).forEach(piece => transport.receive(piece));
      expect(receive).toThrow(/PROXY protocol §2: no header/);
      expect(seen).toEqual([]);
    });
  });
}

describe('behind the header', () => {
  const first = Buffer.concat([header, Buffer.from('first')]);

  test('a reader that pauses when it is connected gets what came with the header once it resumes', async () => {
    const above = new Recorder({ makeConnection: transport => transport.pauseProducing() });
    const { transport } = openInMemory({ above });
    transport.receive(first);
    await turns(1);
    expect([above.text, transport.producerState]).toEqual(['', 'paused']);
    above.transport.resumeProducing();
    expect(above.text).toBe('');
    await turns(1);
    expect([above.text, transport.producerState]).toEqual(['first', 'producing']);
  });

  test('a reader that closes or aborts when it is connected gets nothing', () => {
    for (const end of ['loseConnection', 'abortConnection', 'stopProducing'] as const) {
      const above = new Recorder({ makeConnection: transport => transport[end]() });
      openInMemory({ above }).transport.receive(first);
      expect(above.text).toBe('');
    }
  });

  test('a reader that pauses, resumes and pauses again gets nothing yet', async () => {
    const above = new Recorder({
      makeConnection: transport => {
        transport.pauseProducing();
        transport.resumeProducing();
        transport.pauseProducing();
      },
    });
    openInMemory({ above }).transport.receive(first);
    above.transport.resumeProducing();
    above.transport.pauseProducing();
    await turns(1);
    expect(above.text).toBe('');
  });

  test('a reader that throws at what had to wait for it loses its connection, for that reason', async () => {
    const above = new Recorder({
      makeConnection: transport => transport.pauseProducing(),
      dataReceived: () => {
        throw new Error('thrown');
      },
    });
    openInMemory({ above }).transport.receive(first);
    above.transport.resumeProducing();
    expect(await above.ended()).toMatchObject({ kind: 'protocol-error', error: { message: 'thrown' } });
  });
});

test('the peer’s EOF stops a plain protocol’s producer, which has nobody left to produce for, and ends', () => {
  const { transport, above } = openInMemory();
  transport.receive(header);
  const producer = { pauseProducing: jest.fn(), resumeProducing: jest.fn(), stopProducing: jest.fn() };
  above.transport.registerProducer(producer, true);
  expect(transport.producer).toBe(producer);
  transport.receiveEof();
  expect(producer.stopProducing).toHaveBeenCalledTimes(1);
  expect([transport.producer, transport.disconnecting]).toEqual([undefined, true]);
});

/** A listener behind which every connection must be a proxy's, and a client of it. */
async function openOverTcp({ required = true, timeout = 60_000, above = new Recorder() }: Options = {}) {
  let refuse: (reason: CloseReason) => void = () => undefined;
  const refused = new Promise<CloseReason>(resolve => (refuse = resolve));
  const build = (): IProtocol => proxyProtocol({ required, timeout, refused: refuse }, () => above);
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, build);
  closeAfterTest(() => listener.close());
  const socket = connect(listener.address.port, '127.0.0.1').on('error', () => undefined);
  closeAfterTest(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, above, refused };
}

describe('a connection without a header', () => {
  test('that says nothing in time is ended where one is required, with the reason', async () => {
    const { socket, refused } = await openOverTcp({ timeout: 5 });
    socket.write(header.subarray(0, 9));
    expect(await refused).toMatchObject({ kind: 'protocol-error', error: { rule: 'PROXY protocol §2' } });
  });

  test('that says nothing in time is taken as it is where none is required, with what it said', async () => {
    const { socket, above } = await openOverTcp({ required: false, timeout: 50 });
    socket.write(header.subarray(0, 9));
    await above.until(() => above.received === 9);
    expect(above.transport.getPeer()).toMatchObject({ host: '127.0.0.1', port: socket.localPort });
  });

  test('that ends before it has one is told as refused, once', async () => {
    const { socket, above, refused } = await openOverTcp();
    socket.end(header.subarray(0, 9));
    expect(await refused).toEqual({ kind: 'done' });
    expect(above.calls).toEqual([]);
  });

  test('that breaks the header is ended, with the reason', async () => {
    const { socket, refused } = await openOverTcp();
    socket.write('PROXY TCP4 everybody\r\n');
    expect(await refused).toMatchObject({ kind: 'protocol-error', error: { rule: 'PROXY protocol §2.1' } });
  });
});

test('a client that nobody takes is dropped, and that is no refusal of the header', () => {
  const refused: CloseReason[] = [];
  const protocol = proxyProtocol({ required: true, refused: reason => void refused.push(reason) }, () => undefined);
  const transport = new StringTransport();
  transport.start(protocol);
  transport.receive(header);
  expect(transport.aborted).toBe(true);
  transport.lose({ kind: 'aborted' });
  expect(refused).toEqual([]);
});

test('no timer is left when the header has come, nor when the connection has ended before it', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
  const before = timers();
  openInMemory().transport.receive(header);
  openInMemory().transport.lose();
  expect(timers()).toBe(before);
});
