/** Golden cases of Twisted's TCP, Unix sockets, processes, ptys and standard input and output, played on ours. */
import { beforeAll } from '@jest/globals';
import { build } from '../interop/build.ts';
import { playProgram, type ProgramCase } from './played/programs.ts';
import { playSockets, type SocketCase } from './played/sockets.ts';
import { playStdio } from './played/stdio.ts';
import { realioDifferences } from './realio-differences.ts';
import { playSuite } from './suite.ts';
import { loadCases } from './vectors.ts';

beforeAll(() => build(), 120_000);

const isStdio = ({ name }: { readonly name: string }): boolean => name.startsWith('stdio: ');

playSuite({
  cases: loadCases<SocketCase & ProgramCase>('realio.json').map(each =>
    isStdio(each) ? { ...each, on: 'stdio' } : each,
  ),
  players: { tcp: playSockets, unix: playSockets, process: playProgram, pty: playProgram, stdio: playStdio },
  differences: realioDifferences,
  counts: {
    tcp: { match: 20, differ: 0 },
    unix: { match: 12, differ: 4 },
    process: { match: 17, differ: 6 },
    pty: { match: 8, differ: 1 },
    stdio: { match: 1, differ: 4 },
  },
});
