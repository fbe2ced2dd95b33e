/** Every list of differences from Twisted, in the order in which docs/twisted.md shows them. A new list goes here. */
import { bufferDifferences } from './buffer-differences.ts';
import { clientDifferences } from './client-differences.ts';
import { insultsDifferences } from './insults-differences.ts';
import { keyDifferences } from './keys-differences.ts';
import { manholeDifferences } from './manhole-differences.ts';
import { memoryDifferences } from './memory-differences.ts';
import { realioDifferences } from './realio-differences.ts';
import { recvlineDifferences } from './recvline-differences.ts';
import { sshDifferences } from './ssh-differences.ts';
import { telnetDifferences, telnetOmissions } from './telnet-differences.ts';
import { textDifferences } from './text-differences.ts';
import { windowDifferences } from './window-differences.ts';
import type { Difference } from './vectors.ts';

export const allDifferences: ReadonlyArray<readonly [title: string, differences: readonly Difference[]]> = [
  ['Every transport, loopbacks, string transports, files', memoryDifferences],
  ['Sockets, programs, standard input and output', realioDifferences],
  ['SSH channels, connections and sessions', sshDifferences],
  ['Telnet', [...telnetDifferences, ...telnetOmissions]],
  ['Terminals: what is written', insultsDifferences],
  ['Terminals: what is heard', keyDifferences],
  ['Terminals: what a program does to one', clientDifferences],
  ['Terminals: what the screen shows', bufferDifferences],
  ['Terminals: lines', recvlineDifferences],
  ['Terminals: formatted text', textDifferences],
  ['Terminals: a prompt', manholeDifferences],
  ['Terminals: widgets', windowDifferences],
];
