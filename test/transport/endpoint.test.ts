/** What the endpoint owes a new medium: the corners that real media reach only by bad luck. */
import { describe, expect, jest, test } from '@jest/globals';
import { Endpoint } from '../../transport/endpoint.ts';
import type { Medium } from '../../transport/medium.ts';
import { LocalMisuseError } from '../../transport/errors.ts';
import { Recorder } from '../support/recorder.ts';
import { PullSource, PushSource } from '../support/sources.ts';
import { turns } from '../support/turns.ts';

const here = { peer: { kind: 'memory', name: 'peer' }, host: { kind: 'memory', name: 'host' } } as const;

/** Writes down what it is told, and takes bytes only when the test says so. */
class HandMedium implements Medium {
  readonly calls: string[] = [];
  taken: () => void = () => undefined;

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.calls.push(`send ${Buffer.concat(chunks).toString()}`);
    this.taken = taken;
  }
  sendEof(sent: () => void): void {
    this.calls.push('eof');
    this.taken = sent;
  }
  startReading(): void {
    this.calls.push('start');
  }
  stopReading(): void {
    this.calls.push('stop');
  }
  close(): void {
    this.calls.push('close');
  }
  destroy(): void {
    this.calls.push('destroy');
  }
}

function started(): { medium: HandMedium; endpoint: Endpoint; protocol: Recorder };
function started<P extends Recorder>(protocol: P): { medium: HandMedium; endpoint: Endpoint; protocol: P };
function started(protocol = new Recorder()): { medium: HandMedium; endpoint: Endpoint; protocol: Recorder } {
  const medium = new HandMedium();
  const endpoint = new Endpoint(medium, here);
  endpoint.start(protocol);
  return { medium, endpoint, protocol };
}

/** Of bulk data. */
const SIZE = 32 * 1024;

/** Over a medium that copies. */
class Lender extends Endpoint {
  lend(data: string): void {
    this.lendBytes(Buffer.from(data), () => this.returned.push(data));
  }
  readonly returned: string[] = [];
}

describe('bytes that are lent', () => {
  const lender = (): { medium: HandMedium; endpoint: Lender } => {
    const medium = new HandMedium();
    const endpoint = new Lender(medium, here);
    endpoint.start(new Recorder());
    return { medium, endpoint };
  };

  test('come back when the medium has taken them, and none that still wait', async () => {
    const { medium, endpoint } = lender();
    endpoint.lend('one ');
    endpoint.write(Buffer.from('ours '));
    endpoint.lend('two');
    await turns(1);
    endpoint.lend('three');
    expect(endpoint.returned).toEqual([]);
    medium.taken();
    expect([medium.calls.at(-1), endpoint.returned]).toEqual(['send three', ['one ', 'two']]);
    medium.taken();
    expect(endpoint.returned).toEqual(['one ', 'two', 'three']);
    endpoint.abortConnection();
  });

  test('do not come back from a connection that has been cut: nobody knows what the medium still does', async () => {
    const { medium, endpoint } = lender();
    endpoint.lend('one');
    await turns(1);
    endpoint.lend('two');
    endpoint.abortConnection();
    medium.taken();
    endpoint.lend('three');
    await turns(1);
    expect(endpoint.returned).toEqual([]);
  });
});

describe('bytes that are the writer’s again at once', () => {
  /** Writes down the memory that it is given, which it has copied when it says so. */
  class CopyingMedium extends HandMedium {
    readonly copies = true;
    readonly given: Uint8Array[] = [];
    override send(chunks: readonly Uint8Array[], taken: () => void): void {
      super.send(
        chunks.map(chunk => chunk.subarray(0, 5)),
        taken,
      );
      this.given.push(...chunks);
    }
  }
  const write = (endpoint: Endpoint, text: string): void => {
    const bytes = Buffer.alloc(SIZE, text);
    endpoint.writeBorrowed(bytes);
    bytes.fill('?');
  };

  test('are copied, into memory that is used again once the medium has taken them, and not before', async () => {
    const medium = new CopyingMedium();
    const endpoint = new Endpoint(medium, here);
    endpoint.start(new Recorder());
    write(endpoint, 'first');
    await turns(1);
    write(endpoint, 'other');
    medium.taken();
    write(endpoint, 'third');
    medium.taken();
    expect(medium.calls.filter(call => call.startsWith('send'))).toEqual(['send first', 'send other', 'send third']);
    const [first, other, third] = medium.given.map(({ buffer }) => buffer);
    expect([other === first, third === first]).toEqual([false, true]);
    endpoint.abortConnection();
  });

  test('are copied so however many they are, in pieces that follow each other', async () => {
    const medium = new CopyingMedium();
    const endpoint = new Endpoint(medium, here);
    endpoint.start(new Recorder());
    const pieces = async (text: string): Promise<Uint8Array[]> => {
      endpoint.writeBorrowed(Buffer.alloc(4 * SIZE, text));
      await turns(1);
      return medium.given.splice(0);
    };
    const first = await pieces('one');
    expect(Buffer.concat(first).equals(Buffer.alloc(4 * SIZE, 'one'))).toBe(true);
    medium.taken();
    const again = await pieces('two');
    const memory = new Set(first.map(({ buffer }) => buffer));
    expect(again.map(({ buffer }) => memory.has(buffer))).toEqual(first.map(() => true));
    endpoint.abortConnection();
  });

  test('and what is borrowed are signs of life, though nothing waits', () => {
    const { endpoint, medium } = started(new Borrower());
    Object.assign(medium, { sendNow: (data: Uint8Array) => data.length });
    const seen: number[] = [];
    endpoint.watchQueue(bytes => seen.push(bytes));
    endpoint.writeBorrowed(Buffer.from('out'));
    endpoint.receivedBorrowed(Buffer.from('in'));
    expect(seen).toEqual([0, 0]);
  });
});

/** Keeps what it is given, as a protocol may, and what it borrows only for as long as it may. */
class Keeper extends Recorder {
  readonly kept: Uint8Array[] = [];
  override dataReceived(data: Uint8Array): void {
    this.kept.push(data);
    super.dataReceived(data);
  }
}
class Borrower extends Keeper {
  readonly borrowed: string[] = [];
  whileBorrowing: () => void = () => undefined;
  dataBorrowed(data: Uint8Array): void {
    this.borrowed.push(String(Buffer.from(data)));
    this.whileBorrowing();
  }
}

describe('bytes that the medium has again at once', () => {
  /** Hand them over and write something else in their place. */
  const receive = (endpoint: Endpoint, text: string): void => {
    const bytes = Buffer.from(text);
    endpoint.receivedBorrowed(bytes);
    bytes.fill('?');
  };
  const textOf = ({ kept }: Keeper): string => Buffer.concat(kept).toString();

  test('are copied for a protocol that does not borrow', () => {
    const { endpoint, protocol } = started(new Keeper());
    for (const text of ['one ', 'two']) receive(endpoint, text);
    expect(textOf(protocol)).toBe('one two');
  });

  test('are borrowed by one that does, and copied while it is paused', async () => {
    const { endpoint, protocol } = started(new Borrower());
    receive(endpoint, 'one');
    endpoint.pauseProducing();
    for (const text of ['two ', 'three']) receive(endpoint, text);
    endpoint.resumeProducing();
    receive(endpoint, ' four');
    await turns(1);
    receive(endpoint, 'five');
    expect([protocol.borrowed, protocol.kept]).toEqual([['one', 'two ', 'three', ' four', 'five'], []]);
  });

  test('are copied into memory that comes back when a borrower has seen it', async () => {
    const { endpoint, protocol } = started(new Borrower());
    const seen: unknown[] = [];
    protocol.dataBorrowed = ({ buffer }) => void seen.push(buffer);
    for (const round of ['one', 'two']) {
      endpoint.pauseProducing();
      endpoint.receivedBorrowed(Buffer.alloc(SIZE, round));
      endpoint.resumeProducing();
      await turns(1);
    }
    expect(seen[0]).toBe(seen[1]);
  });

  test('are nobody’s copies when the connection has been closed meanwhile', async () => {
    const { endpoint, protocol } = started(new Borrower());
    endpoint.pauseProducing();
    receive(endpoint, 'one');
    endpoint.receivedEof();
    receive(endpoint, 'behind the end');
    endpoint.loseConnection();
    await turns(2);
    expect([protocol.borrowed, protocol.kept, protocol.lost]).toEqual([[], [], 1]);
  });

  test('are given back as credit once, and what comes meanwhile stands behind them', async () => {
    const { endpoint, protocol, medium } = started(new Borrower());
    const delivered: number[] = [];
    Object.assign(medium, { delivered: (bytes: number) => delivered.push(bytes) });
    protocol.whileBorrowing = () => {
      protocol.whileBorrowing = () => undefined;
      receive(endpoint, 'more');
      endpoint.receivedEof();
    };
    receive(endpoint, 'one');
    expect([protocol.borrowed, protocol.kept, delivered]).toEqual([['one', 'more'], [], [3, 4]]);
    expect(await protocol.ended()).toEqual({ kind: 'done' });
  });

  test('end the connection of a borrower that throws, and no other', async () => {
    const { endpoint, protocol } = started(new Borrower());
    protocol.whileBorrowing = () => {
      throw new Error('clumsy');
    };
    receive(endpoint, 'one');
    receive(endpoint, 'two');
    expect(await protocol.ended()).toMatchObject({ kind: 'protocol-error' });
    expect(protocol.borrowed).toEqual(['one']);
  });

  test('are dropped, and given back as credit, when the connection is closing', () => {
    const { endpoint, protocol, medium } = started(new Borrower());
    const delivered: number[] = [];
    Object.assign(medium, { delivered: (bytes: number) => delivered.push(bytes) });
    endpoint.write(Buffer.from('last words'));
    endpoint.loseConnection();
    receive(endpoint, 'one');
    expect([protocol.borrowed, delivered]).toEqual([[], [3]]);
    endpoint.abortConnection();
  });
});

describe('EOF for a plain protocol', () => {
  test('stops its producer, which might never hear of it otherwise, and ends behind what was written', async () => {
    const { endpoint, protocol, medium } = started();
    const source = new PushSource(protocol);
    endpoint.registerProducer(source, true);
    endpoint.write(Buffer.from('last words'));
    endpoint.receivedEof();
    expect(source.stopped).toBe(true);
    await turns(1);
    expect(protocol.lost).toBe(0);
    medium.taken();
    expect(await protocol.ended()).toEqual({ kind: 'done' });
    expect(medium.calls.slice(-2)).toEqual(['send last words', 'close']);
  });
});

describe('an end that comes early', () => {
  test('before the protocol: it hears makeConnection and then connectionLost, with that reason', async () => {
    const endpoint = new Endpoint(new HandMedium(), here);
    const error = new Error('gone already');
    endpoint.ended({ kind: 'lost', error });
    const protocol = new Recorder();
    endpoint.start(protocol);
    expect(await protocol.ended()).toEqual({ kind: 'lost', error });
    expect(protocol.calls).toEqual(['makeConnection', 'connectionLost']);
  });

  test('behind bytes for a paused protocol: loseConnection does not wait for a dead medium', async () => {
    const { endpoint, protocol, medium } = started();
    endpoint.pauseProducing();
    endpoint.received(Buffer.from('unread'));
    endpoint.receivedClose({ kind: 'exited', code: 3, signal: null, coreDumped: false });
    endpoint.write(Buffer.from('nobody takes this'));
    endpoint.loseConnection();
    expect((await protocol.ended()).kind).toBe('exited');
    expect(medium.calls.at(-1)).toBe('destroy');
  });

  test('while a send is under way: its completion changes nothing afterwards', async () => {
    const { endpoint, protocol, medium } = started();
    endpoint.write(Buffer.from('x'));
    await turns(1);
    endpoint.abortConnection();
    medium.taken();
    await protocol.ended();
    expect(endpoint.queuedBytes).toBe(0);
    expect(medium.calls).toEqual(['start', 'send x', 'destroy']);
  });
});

describe('faults above the endpoint', () => {
  test('a throwing connectionLost becomes a process warning: there is no connection left to lose', async () => {
    const fault = new Error('a fault at the very end');
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { endpoint, protocol } = started(
      new Recorder({
        connectionLost: () => {
          throw fault;
        },
      }),
    );
    endpoint.abortConnection();
    await protocol.ended();
    await turns(1);
    const [[message, type]] = warn.mock.calls as unknown as [[string, string]];
    warn.mockRestore();
    expect([message, type]).toEqual([expect.stringContaining(fault.message), 'ProtocolWarning']);
  });

  test('a pull producer that throws when asked loses the connection, with that error', async () => {
    const { endpoint, protocol } = started();
    const fault = new Error('nothing to give');
    const source = new PullSource(protocol, []);
    source.resumeProducing = () => {
      throw fault;
    };
    endpoint.registerProducer(source, false);
    expect(await protocol.ended()).toEqual({ kind: 'protocol-error', error: fault });
    expect(protocol.calls.at(-2)).toBe('stopProducing');
  });

  test('a push producer that throws when paused does not throw at the writer', async () => {
    const { endpoint, protocol } = started();
    const fault = new Error('cannot stop');
    const source = new PushSource(protocol, { limit: 0 });
    source.pauseProducing = () => {
      throw fault;
    };
    endpoint.registerProducer(source, true);
    expect(() => endpoint.write(new Uint8Array(100_000))).not.toThrow();
    expect(await protocol.ended()).toEqual({ kind: 'protocol-error', error: fault });
  });

  test('a second protocol is a misuse', () => {
    const { endpoint } = started();
    expect(() => endpoint.start(new Recorder())).toThrow(LocalMisuseError);
  });
});

describe('bytes that a medium had already read when the protocol paused', () => {
  test('wait here, with the EOF behind them, and are not delivered from inside resumeProducing', async () => {
    const { endpoint, protocol } = started();
    endpoint.pauseProducing();
    endpoint.received(Buffer.from('waiting'));
    endpoint.receivedEof();
    expect(protocol.calls).toEqual(['makeConnection']);
    endpoint.resumeProducing();
    expect(protocol.calls).toEqual(['makeConnection']);
    expect(await protocol.ended()).toEqual({ kind: 'done' });
    expect(protocol.text).toBe('waiting');
  });

  test('come one at a time to a protocol that pauses after each', async () => {
    const { endpoint, protocol } = started(new Recorder({ dataReceived: () => protocol.transport.pauseProducing() }));
    for (const text of ['a', 'b', 'c']) endpoint.received(Buffer.from(text));
    expect(protocol.text).toBe('a');
    endpoint.resumeProducing();
    await turns(1);
    expect(protocol.text).toBe('ab');
  });

  test('are dropped by a close: from then on nothing is heard', async () => {
    const { endpoint, protocol } = started();
    endpoint.pauseProducing();
    endpoint.received(Buffer.from('unheard'));
    endpoint.loseConnection();
    endpoint.resumeProducing();
    await protocol.ended();
    expect(protocol.received).toBe(0);
  });
});

describe('what the medium is told', () => {
  test('one send at a time: what is written meanwhile goes together in the next', async () => {
    const { endpoint, medium } = started();
    endpoint.write(Buffer.from('a'));
    endpoint.write(Buffer.from('b'));
    await turns(1);
    endpoint.write(Buffer.from('c'));
    endpoint.write(Buffer.from('d'));
    await turns(1);
    expect(medium.calls).toEqual(['start', 'send ab']);
    medium.taken();
    expect(medium.calls).toEqual(['start', 'send ab', 'send cd']);
  });

  test('EOF behind the bytes, close behind EOF', async () => {
    const { endpoint, medium } = started();
    endpoint.write(Buffer.from('all'));
    endpoint.loseWriteConnection();
    await turns(1);
    medium.taken();
    endpoint.loseConnection();
    await turns(1);
    expect(medium.calls).toEqual(['start', 'send all', 'eof', 'start']);
    medium.taken();
    expect(medium.calls.at(-1)).toBe('close');
  });

  test('reading stops with a pause, starts with a resume, and at a close: the peer must not be kept waiting', async () => {
    const { endpoint, medium } = started();
    await turns(1);
    endpoint.pauseProducing();
    endpoint.pauseProducing();
    endpoint.resumeProducing();
    await turns(1);
    endpoint.pauseProducing();
    endpoint.loseConnection();
    expect(medium.calls).toEqual(['start', 'stop', 'start', 'stop', 'start']);
  });

  test('a protocol that pauses in makeConnection is not read for', async () => {
    const { medium } = started(new Recorder({ makeConnection: transport => transport.pauseProducing() }));
    await turns(1);
    expect(medium.calls).toEqual(['stop']);
  });

  test('a producer registered behind our EOF is stopped: nothing can be sent', async () => {
    const { endpoint, medium, protocol } = started();
    endpoint.loseWriteConnection();
    await turns(1);
    medium.taken();
    endpoint.registerProducer(new PushSource(protocol), true);
    expect(protocol.calls).toEqual(['makeConnection', 'stopProducing']);
  });
});
