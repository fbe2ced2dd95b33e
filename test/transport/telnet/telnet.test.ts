/** Telnet as a whole: order, pauses and ends with commands among the bytes, and that nothing a peer sends gets out. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { ConfigError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { TelnetCommand, TelnetOption } from '../../../transport/telnet/codes.ts';
import type { TelnetOptions } from '../../../transport/telnet/options.ts';
import { fromTelnet, telnet } from '../../../transport/telnet/telnet.ts';
import { Recorder } from '../../support/recorder.ts';
import { hex, joined, latin1, played, settle, TelnetRecorder } from './lab.ts';

const everything = Array.from({ length: 256 }, (_, option) => option);

describe('commands', () => {
  test('go out in order with what is written, and are heard in order with it', async () => {
    const far = new TelnetRecorder();
    const [end] = joined(new TelnetRecorder(), far);
    end.write(latin1('a'));
    end.sendCommand(TelnetCommand.AYT);
    end.write(latin1('b'));
    end.requestNegotiation(200, latin1('\xff\xf0'));
    end.write(latin1('c'));
    await far.until(() => far.text === 'abc');
    expect(far.heard).toEqual([
      'a',
      { kind: 'command', command: 246 },
      'b',
      { kind: 'subnegotiation', option: 200, data: Uint8Array.of(255, 240) },
      'c',
    ]);
  });

  test('of the peer wait, like its bytes, while the protocol has paused', async () => {
    const near = new TelnetRecorder({ dataReceived: () => near.transport.pauseProducing() });
    const { transport, receive } = played(near);
    await receive(hex('61 fff6 62 fff1'));
    expect(near.heard).toEqual(['a']);
    transport.resumeProducing();
    await settle();
    expect(near.heard).toEqual(['a', { kind: 'command', command: 246 }, 'b']);
    transport.resumeProducing();
    await settle();
    expect(near.heard.at(-1)).toEqual({ kind: 'command', command: 241 });
  });

  test('are not heard any more after loseConnection', async () => {
    const near = new TelnetRecorder({ dataReceived: () => near.transport.loseConnection() });
    const { receive } = played(near);
    await receive(hex('61 fff6 62'));
    expect(near.heard).toEqual(['a']);
  });

  test('after the end, or our EOF, are dropped without a word', async () => {
    const { near, transport, peer } = played(new TelnetRecorder());
    transport.loseWriteConnection();
    await peer.until(() => peer.readLost === 1);
    for (let count = 0; count < 2_000; count += 1) transport.sendCommand(TelnetCommand.NOP);
    peer.transport.write(latin1('still heard'));
    await near.until(() => near.text === 'still heard');
    transport.abortConnection();
    transport.sendCommand(TelnetCommand.NOP);
    transport.requestNegotiation(1, new Uint8Array());
    expect(peer.received).toBe(0);
  });

  test('a protocol that throws at one loses its connection, for that reason', async () => {
    const fault = new Error('a fault in the protocol');
    const near = new TelnetRecorder({
      telnetReceived: () => {
        throw fault;
      },
    });
    const { receive } = played(near);
    await receive(hex('fff6 61'));
    expect([await near.ended(), near.text]).toEqual([{ kind: 'protocol-error', error: fault }, '']);
  });

  test('a protocol that does not ask for them gets the bytes alone', async () => {
    const near = new Recorder();
    const { receive, sent } = played(near, { remote: [TelnetOption.NAWS] });
    await receive(hex('61 fff6 fffb1f fffa1f00500018fff0 fffd01 62'));
    expect([near.text, sent()]).toEqual(['ab', 'fffd1ffffc01']);
  });

  test('answers to a peer are made while we close, since it may wait for them', async () => {
    const { transport, receive, sent, near } = played(new TelnetRecorder(), { local: [TelnetOption.SGA] });
    transport.registerProducer({ pauseProducing() {}, resumeProducing() {}, stopProducing() {} }, true);
    transport.loseConnection();
    await receive(hex('fffd03'));
    expect([sent(), near.events]).toEqual(['fffb03', []]);
  });
});

describe('the stream', () => {
  test('a CR that ends it is heard before its EOF', async () => {
    const { near, peer } = played(new TelnetRecorder());
    peer.transport.write(latin1('a\r'));
    peer.transport.loseWriteConnection();
    await near.until(() => near.readLost === 1);
    expect(near.text).toBe('a\r');
  });

  test('a CR that ends it is heard before its end', async () => {
    const { near, peer } = played(new TelnetRecorder());
    peer.transport.write(latin1('a\r'));
    peer.transport.loseConnection();
    await near.ended();
    expect(near.text).toBe('a\r');
  });

  test('a line end is one however it was written: CR and LF in one turn belong together', async () => {
    const { transport, sent } = played(new TelnetRecorder());
    transport.writeSequence([latin1('a\r'), latin1('\nb\n')]);
    await settle();
    expect(sent()).toBe(Buffer.from('a\r\nb\r\n').toString('hex'));
  });

  test('a line end is one at every place of a long write', async () => {
    const { near, transport, peer } = played(new TelnetRecorder(), { lineEnds: 'crlf' });
    const lines = Buffer.from('\r\n'.repeat(70_000)).subarray(1);
    transport.write(lines);
    transport.loseConnection();
    await peer.ended();
    expect([near.lost, peer.bytes.equals(lines)]).toEqual([1, true]);
  });

  test('both addresses are those of the connection below', () => {
    const [below] = loopback();
    const transport = fromTelnet(below);
    expect([transport.getPeer(), transport.getHost()]).toEqual([below.getPeer(), below.getHost()]);
  });

  test('it can be waited for and read like any other connection', async () => {
    const [left, right] = loopback();
    const near = fromTelnet(left);
    const far = fromTelnet(right);
    far.write(latin1('one\ntwo\n'));
    far.loseConnection();
    let heard = '';
    for await (const chunk of near) heard += Buffer.from(chunk).toString();
    expect(heard).toBe('one\ntwo\n');
  });
});

/** Bytes in which everything special is frequent. */
const noise = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(255, 250, 240, 251, 252, 253, 254, 0, 1, 3, 24, 31, 34, 39, 13) },
    fc.nat(255),
  ),
  { maxLength: 300 },
);

test('whatever a peer sends, nothing is thrown, the connection goes on, and what is behind it arrives', async () => {
  const allowed: TelnetOptions = { local: everything, remote: everything, lineMode: 1, maxSubnegotiationBytes: 20 };
  const property = fc.asyncProperty(noise, async bytes => {
    const { near, transport, peer, receive } = played(new TelnetRecorder(), allowed);
    await receive(Uint8Array.from(bytes));
    await receive(hex('00 fff0 00 fff0'));
    await receive(latin1('the end'));
    await near.until(() => near.bytes.toString('latin1').endsWith('the end'));
    expect([near.lost, peer.lost]).toEqual([0, 0]);
    transport.abortConnection();
  });
  await fc.assert(property, { numRuns: 300 });
});

describe('options', () => {
  // the option and what is wrong with it
  const wrong: ReadonlyArray<readonly [keyof TelnetOptions, unknown]> = [
    ['local', [256]],
    ['remote', [-1]],
    ['lineEnds', 'cr'],
    ['size', { columns: 70_000, rows: 1, widthPixels: 0, heightPixels: 0 }],
    ['terminalTypes', ['two words']],
    ['environment', { HOME: 7 }],
    ['lineMode', 4],
    ['answerTime', -1],
    ['maxSubnegotiationBytes', 0.5],
    ['maxQueueBytes', Number.NaN],
  ];
  test.each(wrong)('%s: %j is refused, by name', (name, value) => {
    expect(() => telnet(new Recorder(), { [name]: value })).toThrow(ConfigError);
    expect(() => telnet(new Recorder(), { [name]: value })).toThrow(name);
  });

  test('one that does not exist is refused', () => {
    expect(() => telnet(new Recorder(), { newlines: 'lf' } as TelnetOptions)).toThrow('newlines: is not an option');
  });
});
