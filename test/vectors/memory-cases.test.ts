/** Golden cases of Twisted's FileDescriptor, StringTransport, loopbacks and FileWrapper, played on ours. */
import { memoryDifferences } from './memory-differences.ts';
import { playDescriptor, type DescriptorScript } from './played/descriptor.ts';
import { playFileWrapper } from './played/file-wrapper.ts';
import { playLoopback, playRelay, type LoopbackScript } from './played/loopback.ts';
import { playStringTransport } from './played/string-transport.ts';
import { playSuite } from './suite.ts';
import { loadCases } from './vectors.ts';

playSuite({
  cases: loadCases<DescriptorScript & LoopbackScript>('transport.json'),
  players: {
    FileDescriptor: playDescriptor,
    StringTransport: playStringTransport,
    StringTransportWithDisconnection: playStringTransport,
    loopbackAsync: playLoopback,
    LoopbackRelay: playRelay,
    FileWrapper: playFileWrapper,
  },
  differences: memoryDifferences,
  counts: {
    FileDescriptor: { match: 29, differ: 5 },
    StringTransport: { match: 14, differ: 7 },
    StringTransportWithDisconnection: { match: 0, differ: 2 },
    loopbackAsync: { match: 9, differ: 9 },
    LoopbackRelay: { match: 8, differ: 3 },
    FileWrapper: { match: 1, differ: 5 },
  },
});
