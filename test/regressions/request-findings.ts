/** Requests in sessions, and messages that are nobody's. */
import { Message } from '../../ssh/codes.ts';
import { END_OF_WRITE } from '../../ssh/end-of-write.ts';
import { HOST_KEYS } from '../../ssh/host-key-proof.ts';
import { boolean, byte, string, uint32, type Field } from '../../ssh/wire.ts';
import { ptyFields } from '../support/session-lab.ts';
import { endingOrAnswer, logIn, nextAnswer, openSession } from './outcomes.ts';
import type { Finding, Subject } from './subject.ts';

async function modesSeen(subject: Subject, modes: Buffer): Promise<string> {
  const { peer, channel } = await openSession(subject);
  channel.sendRequest('pty-req', false, ...ptyFields('xterm', undefined, modes));
  channel.sendRequest('shell', false);
  const how = await endingOrAnswer(peer);
  return how === 'goes on'
    ? subject.facts.entries.filter(fact => fact.startsWith('modes')).join()
    : `connection ${how}`;
}

const afterStart: Array<[type: string, fields: Field[]]> = [
  ['window-change', [80, 24, 0, 0].map(uint32)],
  ['signal', [string('INT')]],
  ['env', [string('LANG'), string('C')]],
  ['break', [uint32(500)]],
  ['keepalive@openssh.com', []],
  ['shell', []],
];

export const requestFindings: readonly Finding[] = [
  {
    section: '§1.2 pty-req',
    when: 'a client asks for a terminal without echo',
    scenario: subject => modesSeen(subject, Buffer.of(53, 0, 0, 0, 0, 0)),
    onStock: 'modes {}',
    onOurs: 'modes {"53":0}',
    where: 'ssh/tty-modes.ts',
  },
  {
    section: '§1.2 pty-req',
    when: 'the value of the first terminal mode has a top byte',
    scenario: subject => modesSeen(subject, Buffer.of(53, 9, 0, 0, 0, 0)),
    onStock: 'connection ended',
    onOurs: `modes {"53":${9 * 2 ** 24}}`,
    where: 'ssh/tty-modes.ts',
  },
  {
    section: '§1.2 exec',
    when: 'a command is not UTF-8',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      channel.sendRequest('exec', true, string(Buffer.from('rm caf\xe9', 'latin1')));
      await peer.barrier();
      return subject.facts.entries.find(fact => fact.startsWith('exec')) ?? channel.milestones[1] ?? 'nothing';
    },
    onStock: 'exec "rm caf\ufffd"',
    onOurs: 'exec "rm caf\\udce9"', // the byte E9, kept
    where: 'transport/process/byte-text.ts',
  },
  {
    section: '§1.2 replies',
    when: 'requests that want a reply come after the shell has started',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      await channel.request('shell');
      const answers: string[] = [];
      for (const [type, fields] of afterStart) {
        channel.sendRequest(type, true, ...fields);
        const before = channel.milestones.length;
        await peer.barrier();
        answers.push(channel.milestones[before] ?? 'nothing');
      }
      return answers.join(', ');
    },
    onStock: 'nothing, nothing, nothing, nothing, nothing, nothing',
    onOurs: 'success, success, failure, failure, failure, failure',
    where: 'ssh/request-queue.ts',
  },
  {
    section: '§1.2 second shell',
    when: 'a client asks for a second shell in the same session',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      for (let i = 0; i < 2; i += 1) channel.sendRequest('shell', true);
      await peer.barrier();
      return subject.facts.entries.filter(fact => /shell|undefined/.test(fact)).join(', ');
    },
    onStock: 'shell, shell, accept() answered undefined',
    onOurs: 'shell',
    where: 'server/session-requests.ts',
  },
  {
    section: '§1.2 after EOF',
    when: 'a signal and a resize come after the EOF of the client',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      await channel.request('shell');
      channel.eof();
      channel.sendRequest('signal', false, string('TERM'));
      channel.sendRequest('window-change', false, ...[100, 30, 0, 0].map(uint32));
      await peer.barrier();
      return subject.facts.entries.filter(fact => /signal|size/.test(fact)).join(', ') || 'both are dropped';
    },
    onStock: 'both are dropped',
    onOurs: 'signal TERM, size 100x30',
    where: 'ssh/channel.ts',
  },
  {
    section: '§1.2 eow',
    when: 'a client says that it drops the output from now on',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      await channel.request('shell');
      channel.sendRequest(END_OF_WRITE, false);
      await peer.barrier();
      return subject.facts.entries.includes('output dropped') ? 'the program is told' : 'nobody is told';
    },
    onStock: 'nobody is told',
    onOurs: 'the program is told',
    where: 'server/session-requests.ts',
  },
  {
    section: '§1.2 no-more-sessions',
    when: 'a client opens a session after it said that it would open no more',
    scenario: async subject => {
      const peer = await logIn(subject);
      peer.send(byte(Message.GLOBAL_REQUEST), string('no-more-sessions@openssh.com'), boolean(false));
      return peer.openSession().then(
        () => 'it is open',
        () => 'the connection ends',
      );
    },
    onStock: 'it is open',
    onOurs: 'the connection ends',
    where: 'server/connection-sessions.ts',
  },
  {
    section: '§1.2 hostkeys-00',
    when: 'a client that has logged in would learn the other host keys',
    scenario: async subject => {
      const peer = await logIn(subject);
      await peer.barrier();
      const told = peer.globalRequests.entries.some(payload => payload.includes(HOST_KEYS));
      return told ? 'it is told' : 'it is not told';
    },
    onStock: 'it is not told',
    onOurs: 'it is told',
    where: 'ssh/host-key-proof.ts',
  },
  {
    section: '§1.2 ping',
    when: 'a client sends a PING',
    scenario: async subject => {
      const peer = await logIn(subject);
      peer.send(byte(Message.PING), string('x'));
      await peer.barrier();
      return peer.numbers.includes(Message.PONG) ? 'PONG' : 'nothing';
    },
    onStock: 'nothing',
    onOurs: 'PONG',
    where: 'ssh/ssh2/packet-link.ts',
  },
  {
    section: '§1.2 unknown messages',
    when: 'a message of an unknown type comes',
    scenario: async subject => {
      const peer = await logIn(subject);
      peer.send(byte(250), string('x'));
      peer.send(byte(80), string('barrier@test'), byte(1));
      return nextAnswer(peer);
    },
    onStock: 'message 82',
    onOurs: 'UNIMPLEMENTED',
    where: 'ssh/connection.ts',
  },
];
