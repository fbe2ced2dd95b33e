/** What scenarios share: ways to look at an ending, and to say it in a few words. */
import { Message } from '../../ssh/codes.ts';
import { WireReader } from '../../ssh/wire.ts';
import type { PeerChannel } from '../support/peer-channel.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import type { Subject } from './subject.ts';

export const logIn = ({ port, key }: Subject): Promise<SshPeer> => SshPeer.login(port, key);

/** A logged-in client and a session on which nothing has been started. */
export async function openSession(
  subject: Subject,
  options?: Parameters<SshPeer['openSession']>[0],
): Promise<{ peer: SshPeer; channel: PeerChannel }> {
  const peer = await logIn(subject);
  return { peer, channel: await peer.openSession(options) };
}

/** The section that the server named when it disconnected, `ended` if it named none, `goes on` if it still answers. */
export async function endingOrAnswer(peer: SshPeer): Promise<string> {
  const answered = await peer.barrier().then(
    () => true,
    () => false,
  );
  if (answered) return 'goes on';
  const { text = '' } = await peer.gone();
  return /RFC \d+ §[\d.]+/.exec(text)?.[0] ?? 'ended';
}

/** Does the server still serve others? */
export async function isAlive({ port, patience }: Subject): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => (timer = setTimeout(resolve, patience, false)));
  const answers = SshPeer.connect(port).then(
    () => true,
    () => false,
  );
  const alive = await Promise.race([answers, late]);
  clearTimeout(timer);
  return alive;
}

/** `exact` if `bytes` is `length` times `letter`. */
export const exactly = (bytes: Buffer, length: number, letter: string): boolean =>
  bytes.length === length && bytes.every(byte => byte === letter.charCodeAt(0));

/** The next message as a word. */
export async function nextAnswer(peer: SshPeer): Promise<string> {
  const payload = await peer.next().catch(() => undefined);
  return payload ? (words[payload[0] ?? 0] ?? `message ${payload[0]}`) : 'ended';
}

const words: Readonly<Record<number, string>> = {
  [Message.DISCONNECT]: 'disconnected',
  [Message.UNIMPLEMENTED]: 'UNIMPLEMENTED',
  [Message.USERAUTH_FAILURE]: 'FAILURE',
  [Message.USERAUTH_SUCCESS]: 'SUCCESS',
  [Message.USERAUTH_PK_OK]: 'PK_OK',
};

/** The offer in a server's KEXINIT, RFC 4253 §7.1. */
export function readOffer(payload: Buffer): Record<'kex' | 'hostKey' | 'compression', string[]> {
  const reader = new WireReader(payload.subarray(17), 'KEXINIT');
  const [kex = [], hostKey = [], , , , , compression = []] = Array.from({ length: 8 }, () => reader.nameList());
  return { kex, hostKey, compression };
}
