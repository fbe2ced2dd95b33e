/** The test double does what tests rely on. */
import { describe, expect, test } from '@jest/globals';
import { LocalMisuseError } from '../../../transport/errors.ts';
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { PushSource } from '../../support/sources.ts';

/** A protocol on a string transport. */
function started<P extends Recorder>(protocol: P): [protocol: P, transport: StringTransport] {
  const transport = new StringTransport();
  transport.start(protocol);
  return [protocol, transport];
}

describe('what a test sees', () => {
  test('all that was written, until it is cleared', () => {
    const transport = new StringTransport();
    transport.write(Buffer.from('ab'));
    transport.writeSequence([Buffer.from('c'), Buffer.from('d')]);
    expect(transport.value().toString()).toBe('abcd');
    transport.clear();
    transport.write(Buffer.from('e'));
    expect(transport.value().toString()).toBe('e');
  });

  test("Twisted's addresses, unless others are given", () => {
    const peer = { kind: 'unix', path: '/run/peer' } as const;
    expect(new StringTransport().getPeer()).toEqual({ kind: 'tcp', host: '192.168.1.1', port: 54_321 });
    expect(new StringTransport().getHost()).toEqual({ kind: 'tcp', host: '10.0.0.1', port: 12_345 });
    expect(new StringTransport({ peer }).getPeer()).toEqual(peer);
  });

  test('how the protocol ended it: not, in order, or by abort, which drops what was written', () => {
    const transport = new StringTransport();
    transport.write(Buffer.from('dropped'));
    expect([transport.disconnecting, transport.aborted]).toEqual([false, false]);
    transport.loseConnection();
    expect([transport.disconnecting, transport.aborted]).toEqual([true, false]);
    transport.abortConnection();
    expect([transport.disconnecting, transport.aborted, transport.value().length]).toEqual([true, true, 0]);
  });

  test('what the protocol asked for, still after the end: an end by the peer was not asked for', () => {
    const [, lost] = started(new Recorder());
    const [, aborted] = started(new Recorder());
    lost.lose();
    aborted.abortConnection();
    aborted.lose();
    expect([lost.disconnecting, lost.aborted]).toEqual([false, false]);
    expect([aborted.disconnecting, aborted.aborted]).toEqual([true, true]);
  });

  test('nothing that is written after the end, though all that is written while closing', () => {
    const transport = new StringTransport();
    transport.loseConnection();
    transport.write(Buffer.from('closing'));
    transport.lose();
    transport.write(Buffer.from(', too late'));
    expect(transport.value().toString()).toBe('closing');
  });

  test('what was asked of it as a producer; stopped is for good', () => {
    const transport = new StringTransport();
    transport.pauseProducing();
    expect(transport.producerState).toBe('paused');
    transport.resumeProducing();
    expect(transport.producerState).toBe('producing');
    transport.stopProducing();
    transport.resumeProducing();
    transport.pauseProducing();
    expect([transport.producerState, transport.disconnecting]).toEqual(['stopped', true]);
  });

  test('its own direction ended: nothing more is taken', () => {
    const transport = new StringTransport();
    transport.loseWriteConnection();
    transport.write(Buffer.from('too late'));
    expect([transport.writeEnded, transport.value().length]).toEqual([true, 0]);
  });

  test('the producer that is registered; a second one is a misuse', () => {
    const [protocol, transport] = started(new Recorder());
    const source = new PushSource(protocol);
    transport.registerProducer(source, true);
    expect(transport.producer).toBe(source);
    expect(() => transport.registerProducer(source, true)).toThrow(LocalMisuseError);
    transport.unregisterProducer();
    expect(transport.producer).toBeUndefined();
  });
});

describe('playing the peer', () => {
  test('receive delivers at once, unless the protocol is closing', () => {
    const [protocol, transport] = started(new Recorder());
    transport.receive(Buffer.from('heard'));
    transport.loseConnection();
    transport.receive(Buffer.from('not heard'));
    expect(protocol.text).toBe('heard');
  });

  test('receive while paused is a misuse: a real peer would be stopped', () => {
    const [, transport] = started(new Recorder());
    transport.pauseProducing();
    expect(() => transport.receive(Buffer.from('x'))).toThrow(LocalMisuseError);
  });

  test('what a protocol throws comes out to the test', () => {
    const fault = new Error('a fault');
    const [, transport] = started(
      new Recorder({
        dataReceived: () => {
          throw fault;
        },
      }),
    );
    expect(() => transport.receive(Buffer.from('x'))).toThrow(fault);
  });

  test('EOF tells a half-closeable protocol, and makes a plain one close', () => {
    const [plain, first] = started(new Recorder());
    const [half, second] = started(new HalfCloseableRecorder());
    first.receiveEof();
    second.receiveEof();
    expect([plain.calls, first.disconnecting]).toEqual([['makeConnection'], true]);
    expect([half.readLost, second.disconnecting]).toEqual([1, false]);
  });

  test('lose stops the producer, then tells the protocol, once', () => {
    const [protocol, transport] = started(new Recorder());
    transport.registerProducer(new PushSource(protocol), true);
    transport.lose({ kind: 'lost', error: new Error('cable') });
    transport.lose();
    expect(protocol.calls).toEqual(['makeConnection', 'stopProducing', 'connectionLost']);
    expect(protocol.reason?.kind).toBe('lost');
  });
});

test('one that disconnects ends by itself, after the call, with what was asked as the reason', async () => {
  for (const [end, kind] of [
    ['loseConnection', 'done'],
    ['abortConnection', 'aborted'],
  ] as const) {
    const recorder = new Recorder();
    const transport = new StringTransport({ disconnects: true });
    transport.start(recorder);
    transport[end]();
    expect(recorder.lost).toBe(0);
    expect((await recorder.ended()).kind).toBe(kind);
  }
});
