/** Connections that went through a stream and back, held to the contract. */
import { toDuplex } from '../../transport/adapters/duplex.ts';
import { fromWebStreams } from '../../transport/adapters/from-web-streams.ts';
import { toWebStreams } from '../../transport/adapters/web-streams.ts';
import { loopback } from '../../transport/memory/loopback.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { transportContract } from './transport.ts';

/** A stream that has ended both ways closes itself. */
const closesItself = { outlivesEof: false };

transportContract(
  'a Duplex of a loopback',
  (near, far, limits) => {
    const [left, right] = loopback(undefined, undefined, limits);
    fromDuplex(toDuplex(left), near, limits);
    right.start(far);
  },
  closesItself,
);

transportContract(
  'Web Streams of a loopback',
  (near, far, limits) => {
    const [left, right] = loopback(undefined, undefined, limits);
    fromWebStreams(toWebStreams(left), near, limits);
    right.start(far);
  },
  closesItself,
);
