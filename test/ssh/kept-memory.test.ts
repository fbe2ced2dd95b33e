/** What a channel keeps for as long as it lives. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SshConnection } from '../../ssh/connection.ts';
import { done } from '../../transport/close-reason.ts';
import { heldInBuffers } from '../support/garbage.ts';
import { MemoryLink } from '../support/memory-link.ts';
import { Recorder } from '../support/recorder.ts';
import * as peer from './messages.ts';

let link: MemoryLink;
beforeEach(() => {
  link = new MemoryLink();
});
afterEach(() => link.lose(done));

test('no piece of Node’s pool, of which a few bytes keep 8 KiB, is kept by a channel', () => {
  new SshConnection(link, { channelTypes: { session: { opened: channel => channel.start(new Recorder()) } } });
  const opened = 90;
  const before = heldInBuffers();
  // What is behind the type is as long as half a piece, so that no two channels have their few bytes in the same one.
  for (let id = 0; id < opened; id += 1) link.receive(peer.open('session', { id }, 'x'.repeat(3_000)));
  link.sent.length = 0;
  expect((heldInBuffers() - before) / opened).toBeLessThan(512);
});
