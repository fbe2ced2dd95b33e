/** Where our transports in memory, our files and the Endpoint under every transport differ from Twisted on purpose. */
import { always, replacing, without } from './rewrites.ts';
import type { LoggedDifference } from './vectors.ts';

const bothPolicies = (name: string): string[] => [
  `loopbackAsync: ${name} (identity)`,
  `loopbackAsync: ${name} (collapsing)`,
];

export const memoryDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'refuses a `bytearray`: only immutable bytes may be queued',
    nacre: 'takes any `Uint8Array`',
    why: 'JavaScript has no immutable bytes. The contract says instead that the caller hands the bytes over (ITransport.write)',
    cases: ['FileDescriptor: write bytearray raises', 'StringTransport: write bytearray raises'],
    rewrite: log => without(/^raises$/)(log).map(line => line.replace('value ;', 'value 78;')),
  },
  {
    twisted: 'loses everything in a generator: its check of the pieces uses them up',
    nacre: 'writes what the generator yields',
    why: 'promise 1: nothing written is lost',
    cases: ['FileDescriptor: writeSequence generator: consumed by the type check'],
    rewrite: always('send "from a generator"'),
  },
  {
    twisted: 'checks all chunks of a `writeSequence` before it writes one',
    nacre: 'has written the chunks before the wrong one when it throws',
    why: '`writeSequence` is one `write` for each chunk, and an iterable is gone through once',
    cases: ['StringTransport: writeSequence with text raises, nothing written'],
    rewrite: replacing(/value ;/, 'value 61;'),
  },
  {
    twisted: 'closes under a registered push producer that is not paused at the moment, and stops it',
    nacre: 'waits until it is unregistered, paused or not',
    why: "promise 2, and the text of Twisted's own interface; docs/decisions/002-a-close-waits-for-its-producer.md",
    cases: [
      'FileDescriptor: loseConnection with an idle push producer and empty buffer closes on the next writable event',
      'LoopbackRelay: producer with loseConnection: still closed',
    ],
    rewrite: without(/connectionLost|Producing/),
  },
  {
    twisted: 'closes at the next writable event, even if nothing is queued',
    nacre: 'with nothing queued, closes at the end of the turn',
    why: 'what is written in the turn still goes out (promise 2), and there is nothing else to wait for',
    cases: ['FileDescriptor: resumeProducing after loseConnection does not read'],
    rewrite: log => [...log, 'connectionLost ConnectionDone'],
  },
  {
    twisted: '`getPeer` and `getHost` raise NotImplementedError',
    nacre: 'answers what it was given when it was made',
    why: 'promise 3: both addresses are known for the life of a connection, and after it',
    cases: ['FileDescriptor: getPeer/getHost abstract'],
    rewrite: always(),
  },
  {
    twisted: 'unregistering when nothing is registered raises',
    nacre: 'does nothing, as every other transport',
    why: 'one behaviour for all transports: FileDescriptor does nothing there too',
    cases: ['StringTransport: unregister without producer raises'],
    rewrite: without(/^raises$/),
  },
  {
    twisted: 'pausing or resuming a string transport that is closing or stopped raises',
    nacre: 'does nothing',
    why: 'promise 3: after the end every call is a silent no-op. A protocol must not fail in a test where it works on a socket',
    cases: [
      'StringTransport: resume after stop raises',
      'StringTransport: pause after stop raises',
      'StringTransport: resume after loseConnection raises',
    ],
    rewrite: without(/^raises$/),
  },
  {
    twisted: '`stopProducing` on a string transport only sets its state',
    nacre: '`stopProducing` closes, on every transport',
    why: 'IPushProducer: on a transport this is `loseConnection`, as on every socket of Twisted',
    cases: [
      'StringTransport: pause/resume',
      'StringTransport: resume after stop raises',
      'StringTransport: pause after stop raises',
    ],
    rewrite: replacing(/closing false(.*stopped)/, 'closing true$1'),
  },
  {
    twisted:
      'a string transport that ends by itself still takes writes, and does not remember that it was asked to close',
    nacre: 'takes nothing after the end; `disconnecting` stays true',
    why: 'promise 3',
    cases: ['StringTransportWithDisconnection: loseConnection notifies once'],
    rewrite: log =>
      log.map((line, at) => (at < 2 ? line : line.replace('6162', '61').replace('closing false', 'closing true'))),
  },
  {
    twisted: 'an abort ends a string transport with ConnectionDone',
    nacre: 'with reason `aborted`',
    why: 'promise 7: an abort is told as one',
    cases: ['StringTransportWithDisconnection: abortConnection notifies too'],
    rewrite: log =>
      log.map(line => line.replace('ConnectionDone', 'ConnectionAborted').replace('closing false', 'closing true')),
  },
  {
    twisted: 'an abort of a loopback sends what was written, and ends both sides with ConnectionDone',
    nacre: 'drops what was written; `aborted` here, `lost` there',
    why: 'promise 7: `abortConnection` drops everything now. A protocol that relies on the opposite would fail on TCP',
    cases: bothPolicies('abort is lose'),
    rewrite: log =>
      without(/client\.dataReceived/)(log).map(line =>
        line
          .replace('server.connectionLost ConnectionDone', 'server.connectionLost ConnectionAborted')
          .replace('client.connectionLost ConnectionDone', 'client.connectionLost ConnectionLost'),
      ),
  },
  {
    twisted: 'a side of a loopback that is closing still receives',
    nacre: 'throws away what arrives after `loseConnection`',
    why: "ITransport.loseConnection, and Twisted's own FileDescriptor, which stops reading at once: a loopback should behave as a socket does",
    cases: [
      ...bothPolicies('client reply to the last data still reaches a closing server'),
      ...bothPolicies('both lose'),
      'loopbackAsync: both write at once (identity)',
    ],
    rewrite: without(/dataReceived "(reply|c|s|c2)"/),
  },
  {
    twisted: 'an empty write on a loopback is delivered as an empty chunk',
    nacre: 'is nothing, as on every other transport',
    why: 'a stream has no empty pieces; a protocol that counted on them would fail on TCP',
    cases: bothPolicies('empty write delivers empty data'),
    rewrite: without(/dataReceived ""/),
  },
  {
    twisted: 'a relay resumes its producer at every delivery, even one that is not paused',
    nacre: 'resumes a push producer only after it has paused it',
    why: 'promise 5; a producer that is told to resume while it runs has to guard against itself',
    cases: ['LoopbackRelay: producer resumed on every clear (even streaming)'],
    rewrite: always(),
  },
  {
    twisted: 'bytes written during a delivery are lost if the writer closes in it',
    nacre: 'they are delivered, then the end',
    why: 'promises 1 and 2',
    cases: ['LoopbackRelay: write+lose during delivery: the late bytes are lost'],
    rewrite: always('target.dataReceived "a"', 'target.dataReceived "late"', 'target.connectionLost ConnectionDone'),
  },
  {
    twisted: 'a file wrapper never says that it is over, and goes on writing to the closed file',
    nacre: 'one `connectionLost` when everything is in the file; later writes do nothing',
    why: 'promises 3 and 4',
    cases: [
      'FileWrapper: write/writeSequence/lose',
      'FileWrapper: stopConsuming',
      'FileWrapper: pause/resume/stopProducing',
    ],
    rewrite: log => [...log.slice(0, log.indexOf('file.close') + 1), 'connectionLost ConnectionDone'],
  },
  {
    twisted: 'an error of the file is swallowed',
    nacre: "ends the connection: reason `lost`, with the system's error",
    why: 'promise 1: nothing is lost unless the connection dies, so it has to die when something is',
    cases: ['FileWrapper: write error swallowed'],
    rewrite: log => [...log, 'connectionLost ConnectionLost'],
  },
  {
    twisted: 'a second producer replaces the first without a word',
    nacre: 'is a LocalMisuseError',
    why: "IConsumer: one producer at a time, as on Twisted's other transports; the first would wait for ever",
    cases: ['FileWrapper: re-register replaces'],
    rewrite: always('raises'),
  },
];
