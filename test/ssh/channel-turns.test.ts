/** Channels that share a full link take turns: nobody goes first twice, and nobody is forgotten. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Channel } from '../../ssh/channel.ts';
import { SshConnection } from '../../ssh/connection.ts';
import { done } from '../../transport/close-reason.ts';
import { MemoryLink } from '../support/memory-link.ts';
import { Recorder } from '../support/recorder.ts';
import { turns } from '../support/turns.ts';
import * as peer from './messages.ts';

const KIB = 1024;
/** What one turn may send, ssh/channel-medium.ts. */
const TURN = 128 * KIB;

/** A link that is full after so many bytes, until the test says that it has drained. */
class NarrowLink extends MemoryLink {
  room = 256 * KIB;
  #used = 0;

  override send(...pieces: readonly Uint8Array[]): void {
    super.send(...pieces);
    this.#used += pieces.reduce((sum, { length }) => sum + length, 0);
    if (this.#used >= this.room) this.writable = false;
  }

  drain(): void {
    this.#used = 0;
    this.writable = true;
  }
}

let link: NarrowLink;
let channels: Channel[];
const opened = (channel: Channel): void => {
  channels.push(channel);
  channel.start(new Recorder());
};

/** So many channels on a new connection; the peer knows each by ten more than our number. */
function open(count: number, window = 0xffff_ffff): void {
  link = new NarrowLink();
  channels = [];
  new SshConnection(link, { channelTypes: { session: { opened } }, initialWindowSize: 1_000 });
  for (let id = 0; id < count; id += 1) link.receive(peer.open('session', { id: 10 + id, window }));
  link.sent.length = 0;
}

afterEach(() => {
  link.lose(done);
});

/** Whose data went out, in order: the number of each channel once for each time that it had the link. */
const runs = (): number[] =>
  link.sent
    .filter(payload => peer.carried(payload).length > 0)
    .map(payload => payload.readUInt32BE(1) - 10)
    .filter((id, index, all) => id !== all[index - 1]);

/** The bytes that each run carried. The first may be of two turns: one when nobody waited yet, and one in the queue. */
function bytesPerRun(): number[] {
  const sizes: number[] = [];
  let last = -1;
  for (const payload of link.sent.filter(one => peer.carried(one).length > 0)) {
    const id = payload.readUInt32BE(1);
    if (id !== last) sizes.push(0);
    last = id;
    sizes[sizes.length - 1]! += peer.carried(payload).length;
  }
  return sizes;
}

describe('channels with much to send', () => {
  test('have the link one after the other, a turn each, however often it fills up', async () => {
    open(3);
    for (const channel of channels) channel.write(Buffer.alloc(1024 * KIB));
    await turns(1);
    for (let round = 0; round < 20; round += 1) {
      link.drain();
      await turns(1);
    }
    expect(bytesPerRun().reduce((sum, bytes) => sum + bytes)).toBe(3 * 1024 * KIB);
    expect(runs().slice(0, 18)).toEqual(Array.from({ length: 18 }, (_, index) => index % 3));
    expect(Math.max(...bytesPerRun().slice(1, 18))).toBeLessThanOrEqual(TURN);
  });

  test('let a keystroke’s echo pass after a turn each', async () => {
    open(3);
    for (const channel of channels.slice(0, 2)) channel.write(Buffer.alloc(4096 * KIB));
    await turns(1);
    channels[2]!.write(Buffer.from('x'));
    await turns(1);
    const before = runs().length;
    link.room = 2048 * KIB;
    link.drain();
    await turns(1);
    expect(runs().slice(before, before + 3)).toEqual([1, 0, 2]);
  });

  test('cannot go before others by being granted more window again and again', async () => {
    open(2, 0);
    for (const channel of channels) channel.write(Buffer.alloc(1024 * KIB));
    await turns(1);
    const grants = [0, 1].map(id => peer.adjust(id, 3 * TURN));
    link.room = Infinity;
    link.receive(...grants, ...Array<Buffer>(4).fill(peer.adjust(0, TURN)));
    await turns(1);
    expect(runs().slice(0, 6)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(bytesPerRun().slice(1, 6)).toEqual(Array(5).fill(TURN));
    expect(bytesPerRun()[0]).toBeLessThanOrEqual(2 * TURN);
  });

  test('are not held up by one whose client reads nothing', async () => {
    open(2, 0);
    for (const channel of channels) channel.write(Buffer.alloc(1024 * KIB));
    link.receive(peer.adjust(1, 1024 * KIB));
    for (let round = 0; round < 5; round += 1) {
      await turns(1);
      link.drain();
    }
    expect([runs(), bytesPerRun()]).toEqual([[1], [1024 * KIB]]);
  });

  test('that have sent everything let the next one go in the same breath', async () => {
    open(3);
    channels[0]!.write(Buffer.alloc(link.room));
    await turns(1);
    for (const channel of channels.slice(1)) channel.write(Buffer.from('x'));
    await turns(1);
    expect(runs()).toEqual([0]);
    link.drain();
    await turns(1);
    expect(runs()).toEqual([0, 1, 2]);
  });

  test('give up their place when they close', async () => {
    open(2);
    for (const channel of channels) channel.write(Buffer.alloc(1024 * KIB));
    await turns(1);
    channels[0]!.abortConnection();
    const before = runs().length;
    link.drain();
    await turns(1);
    expect(runs().slice(before)).toEqual([1]);
  });
});
