/**
 * Plays Twisted's SSHChannel scripts on a channel of ours. Each step has its turn, and what goes out in it is one line.
 *
 * Twisted tells its channel that writing has stopped and started; with us it is a registered producer that is paused,
 * by how much is queued and not by the window, so those lines are left out (FileDescriptor's cases have them). After
 * CLOSE, a channel of Twisted's still talks to its connection, which drops it: the log ends there.
 */
import { SshConnection } from '../../../ssh/connection.ts';
import type { Channel } from '../../../ssh/channel.ts';
import { done } from '../../../transport/close-reason.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { adjust, close, open } from '../../ssh/messages.ts';
import { play, twistedLog, type Script, type Translate } from '../script.ts';
import { argument, type Log } from '../vectors.ts';
import { RecordedLink, slicesJoined } from './ssh-link.ts';

export interface ChannelScript extends Script {
  readonly remoteWindow: number;
  readonly remoteMaxPacket: number;
}

const translate: Translate = ([what, first, second]) => {
  if (what === 'sendData') return `data ${quoted(first)}`;
  if (what === 'sendExtendedData') return `extended ${String(first)} ${quoted(second)}`;
  return what === 'sendClose' ? 'CHANNEL_CLOSE' : undefined;
};

/** Longer data was recorded as its length; it was all the same letter. */
function quoted(value: unknown): string {
  const data = argument(value);
  if (data instanceof Uint8Array) return JSON.stringify(Buffer.from(data).toString('latin1'));
  if (typeof data === 'object' && data !== null && 'len' in data) return JSON.stringify('z'.repeat(Number(data.len)));
  return JSON.stringify(data);
}

export async function playChannel({ steps, remoteWindow, remoteMaxPacket }: ChannelScript): Promise<Logs> {
  const log: string[] = [];
  const link = new RecordedLink(log);
  const opened: Channel[] = [];
  const session = { opened: (channel: Channel) => void opened.push(channel) };
  new SshConnection(link, { channelTypes: { session } });
  link.receive(open('session', { window: remoteWindow, maxPacket: remoteMaxPacket }));
  log.length = 0;
  const [channel] = opened;
  if (!channel) return { twisted: [], ours: ['refused'] };
  channel.start(new Recorder());
  const turned = async (call: () => void): Promise<void> => {
    call();
    await turns(2);
    log.push('—');
  };
  await play(
    steps,
    {
      write: (data: Uint8Array) => turned(() => channel.write(data)),
      writeSequence: (chunks: Uint8Array[]) => turned(() => channel.writeSequence(chunks)),
      writeExtended: (_type: number, data: Uint8Array) => turned(() => channel.writeExtended(data)),
      addWindowBytes: (bytes: number) => turned(() => link.receive(adjust(channel.localId, bytes))),
      loseConnection: () => turned(() => channel.loseConnection()),
      closeReceived: () => turned(() => link.receive(close(channel.localId))),
    },
    log,
  );
  link.lose(done);
  const twisted = steps.flatMap(step => [...twistedLog([step], translate), ...(step.raises ? [] : ['—'])]);
  return { twisted: tidy(twisted), ours: tidy(log) };
}

interface Logs {
  readonly twisted: Log;
  readonly ours: Log;
}

/** Lines up to CLOSE, without the number of the channel, with a dash between steps in which something went out. */
function tidy(log: Log): Log {
  const lines = slicesJoined(log.map(each => each.replace(/^(CHANNEL_\w+) \d+$/, '$1')));
  const end = lines.indexOf('CHANNEL_CLOSE');
  const told = end < 0 ? lines : lines.slice(0, end + 1);
  const steps = told.join('\n').split(/\n?—\n?/);
  const telling = steps.filter(step => step !== '');
  return telling.flatMap((step, at) => (at === 0 ? step.split('\n') : ['—', ...step.split('\n')]));
}
