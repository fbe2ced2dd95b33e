/** Every transport that never leaves memory, held to the contract. */
import { aborted, done } from '../../transport/close-reason.ts';
import type { IProtocol } from '../../transport/contracts.ts';
import { loopback } from '../../transport/memory/loopback.ts';
import { loopbackRelay } from '../../transport/memory/loopback-relay.ts';
import { StringTransport } from '../../transport/memory/string-transport.ts';
import { relay } from '../../transport/relay.ts';
import type { Recorder } from '../support/recorder.ts';
import { transportContract } from './transport.ts';

transportContract('a loopback', (near, far, limits) => void loopback(near, far, limits));

transportContract(
  'a collapsing loopback',
  (near, far, limits) => void loopback(near, far, { ...limits, delivery: 'collapsing' }),
);

transportContract('a loopback that is pumped each turn', (near, far, limits) => {
  const relay = loopbackRelay(near, far, limits);
  const isOver = (protocol: IProtocol): boolean => (protocol as Recorder).lost > 0;
  const pump = async (): Promise<void> => {
    while (!isOver(near) || !isOver(far)) await relay.pump();
  };
  void pump();
});

transportContract(
  'a relay between two loopbacks',
  (near, far, limits) => {
    const [left, right] = relay();
    loopback(near, left, limits);
    loopback(right, far, limits);
  },
  { outlivesEof: false },
);

transportContract('a string transport, with its peer played by hand', playByHand, {
  halfClose: false,
  backPressure: false,
  limits: false,
  producers: false,
  guards: false,
});

/** Each turn, give each end what the other has written, and end both when one asked for it. */
function playByHand(near: IProtocol, far: IProtocol): void {
  const ends = [new StringTransport(), new StringTransport()] as const;
  ends[0].start(near);
  ends[1].start(far);
  setImmediate(function turn() {
    const over = play(ends[0], ends[1]) || play(ends[1], ends[0]);
    if (!over) setImmediate(turn);
  });
}

/** One direction of one turn; whether the connection is over. */
function play(from: StringTransport, to: StringTransport): boolean {
  const data = from.value();
  const through = to.disconnecting || to.producerState !== 'paused';
  if (data.length > 0 && through) {
    from.clear();
    to.receive(data);
  }
  if (!from.disconnecting || !through) return false;
  to.lose(from.aborted ? { kind: 'lost', error: new Error('the other end aborted') } : done);
  from.lose(from.aborted ? aborted : done);
  return true;
}
