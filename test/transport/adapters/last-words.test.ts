/** A peer's last words are heard through a stream, though what is written behind them can no longer be sent. */
import { describe, expect, test } from '@jest/globals';
import { toDuplex } from '../../../transport/adapters/duplex.ts';
import { fromWebStreams } from '../../../transport/adapters/from-web-streams.ts';
import { toWebStreams } from '../../../transport/adapters/web-streams.ts';
import type { IConnection } from '../../../transport/contracts.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { fromDuplex } from '../../../transport/stream.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

const ways: Array<[name: string, through: (connection: IConnection, near: Recorder) => void]> = [
  ['a Duplex', (connection, near) => void fromDuplex(toDuplex(connection), near)],
  ['Web Streams', (connection, near) => void fromWebStreams(toWebStreams(connection), near)],
];

describe.each(ways)('through %s', (_name, through) => {
  // Before the end, what is written waits in the stream; behind it, the stream takes nothing.
  test.each(['before', 'behind'])('what is written %s the end of the peer leaves its last words', async when => {
    const near = new Recorder();
    const far = new Recorder();
    const [left, right] = loopback();
    through(left, near);
    right.start(far);
    await turns(2);
    far.transport.write(Buffer.from('last words'));
    far.transport.loseConnection();
    near.transport.pauseProducing(); // the stream has begun to read, so it is the stream that holds them
    if (when === 'behind') await turns(10);
    near.transport.write(Buffer.alloc(100_000));
    await turns(10);
    near.transport.resumeProducing();
    await near.ended();
    expect(near.text).toBe('last words');
  });
});
