/** Every transport over descriptors and files, held to the contract. */
import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromDescriptors } from '../../transport/files/file-descriptor.ts';
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
