/** A program on standardIO, for tests: what it does is its first argument; it reports on descriptor 2. */
import { writeSync } from 'node:fs';
import { connect } from 'node:net';
import { fromDuplex, relay, standardIO } from '../../dist/transport/index.js';

const [, , what, path] = process.argv;
const say = text => writeSync(2, `${text}\n`);
const nothing = () => undefined;

/** A protocol of these reactions that reports its end. */
const protocol = reactions => ({
  makeConnection: nothing,
  dataReceived: nothing,
  connectionLost: reason => say(`${reason.kind} ${reason.error?.code ?? ''}`),
  ...reactions,
});
const halfCloseable = reactions =>
  protocol({ readConnectionLost: nothing, writeConnectionLost: nothing, ...reactions });

/** Says in which mode it is, and then does `then`. */
const raw = then => {
  const stdio = standardIO(protocol({}), { raw: true });
  stdio.write(Buffer.from(process.stdin.isRaw ? 'raw ' : 'cooked '));
  setTimeout(() => then(stdio), 50);
};

const programs = {
  echo: () => {
    const stdio = standardIO(protocol({ dataReceived: data => stdio.write(data) }));
  },
  'half-close': () => {
    const stdio = standardIO(
      halfCloseable({
        dataReceived: data => say(`heard ${data}`),
        readConnectionLost: () => stdio.loseConnection(),
      }),
    );
    stdio.write(Buffer.from('all I have to say'));
    stdio.loseWriteConnection();
  },
  flood: () => {
    const stdio = standardIO(protocol({}));
    const more = () => stdio.write(Buffer.alloc(65_536));
    stdio.registerProducer({ resumeProducing: more, stopProducing: nothing }, false);
  },
  'write and end': () => {
    const stdio = standardIO(
      protocol({
        connectionLost: reason => {
          console.log('nobody must see this');
          say(reason.kind);
          process.exit(3);
        },
      }),
    );
    stdio.write(Buffer.alloc(4_000_000, 'x'));
    stdio.loseConnection();
  },
  twice: () => {
    standardIO(protocol({})).abortConnection();
    try {
      standardIO();
    } catch (error) {
      say(error.code);
    }
  },
  size: () => {
    const stdio = standardIO(protocol({}));
    // Listening first: whoever has heard the size may change it at once.
    stdio.onResize(size => {
      say(JSON.stringify(size));
      stdio.loseConnection();
    });
    say(JSON.stringify(stdio.size));
  },
  relay: () => {
    const [left, right] = relay();
    fromDuplex(connect({ path, allowHalfOpen: true }), left);
    standardIO(right);
  },
  /** Reports every call as the recorder of Twisted's cases did; `path` says what to do at which, as JSON. */
  reports: () => {
    const { halfCloseable: half, quiet, ...todo } = JSON.parse(path);
    let transport;
    const hear = call => value => {
      transport ??= value;
      if (call === 'makeConnection') quiet || say('connectionMade');
      else if (call === 'dataReceived') say(`dataReceived ${value.toString('hex')}`);
      else say(value ? `${call} ${value.kind}` : call);
      for (const [method, text] of todo[call] ?? []) {
        if (method === 'getPeer') say(`${transport.getPeer().kind} ${transport.getHost().kind}`);
        else transport[method](text === undefined ? undefined : Buffer.from(text));
      }
    };
    const calls = ['makeConnection', 'dataReceived', 'connectionLost'];
    const more = half ? ['readConnectionLost', 'writeConnectionLost'] : [];
    standardIO(Object.fromEntries([...calls, ...more].map(call => [call, hear(call)])));
  },
  'raw close': () => raw(stdio => stdio.loseConnection()),
  'raw abort': () => raw(stdio => stdio.abortConnection()),
  'raw exit': () => raw(() => process.exit(0)),
  'raw TERM': () => raw(() => process.kill(process.pid, 'SIGTERM')),
  'raw INT': () => raw(() => process.kill(process.pid, 'SIGINT')),
  'raw throw': () =>
    raw(() => {
      throw new Error('a fault in the program');
    }),
};

programs[what]();
