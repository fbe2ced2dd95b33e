/** Every transport over descriptors and files, held to the contract. */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { beforeAll } from '@jest/globals';
import { fromDescriptors } from '../../transport/files/file-descriptor.ts';
import { StreamPairTransport } from '../../transport/stream-pair.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { build } from '../interop/build.ts';
import { transportContract } from './transport.ts';

/** The ends of two FIFOs: what one end writes, the other reads. */
function fifoPair(): [near: { read: number; write: number }, far: { read: number; write: number }] {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const [there, back] = ['there', 'back'].map(name => join(folder, name)) as [string, string];
  execFileSync('mkfifo', [there, back]);
  const [farReads, nearReads] = [there, back].map(path => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  const [nearWrites, farWrites] = [there, back].map(path => openSync(path, constants.O_WRONLY));
  rmSync(folder, { recursive: true });
  return [
    { read: nearReads!, write: nearWrites! },
    { read: farReads!, write: farWrites! },
  ];
}

transportContract(
  'a descriptor for each direction, of two FIFOs',
  (near, far, limits) => {
    const [ours, theirs] = fifoPair();
    fromDescriptors(ours, near, limits);
    fromDescriptors(theirs, far, limits);
  },
  { endings: { abortedThere: 'done', abortedByPeer: 'done' } },
);

beforeAll(() => build(), 120_000);

const relayProgram = fileURLToPath(new URL('../support/stdio-child.js', import.meta.url));
const pipes = { peer: { kind: 'pipe', name: 'pipes' }, host: { kind: 'pipe', name: 'pipes' } } as const;

transportContract(
  'standard input and output of a process that relays them to a socket',
  async (near, far, limits) => {
    const path = join(tmpdir(), `nacre-${randomUUID()}`);
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(path);
    await once(server, 'listening');
    const child = spawn(process.execPath, [relayProgram, 'relay', path], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [socket] = (await once(server, 'connection')) as [Socket];
    server.close();
    new StreamPairTransport({ readable: child.stdout, writable: child.stdin }, { ...limits, ...pipes }).start(near);
    fromDuplex(socket, far, limits);
  },
  { outlivesEof: false, endings: { abortedThere: 'done', abortedByPeer: 'done' } },
);
