/** Telnet, held to the contract: as a network virtual terminal, with exact bytes, and in BINARY both ways. */
import { EventEmitter, once } from 'node:events';
import { loopback } from '../../transport/memory/loopback.ts';
import { connectTcp, listenTcp } from '../../transport/sockets/tcp.ts';
import { TelnetOption } from '../../transport/telnet/codes.ts';
import type { ITelnetTransport } from '../../transport/telnet/contracts.ts';
import { fromTelnet, telnet } from '../../transport/telnet/telnet.ts';
import { transportContract } from './transport.ts';

transportContract('telnet that keeps CR LF', (near, far, limits) => {
  const [left, right] = loopback(undefined, undefined, limits);
  fromTelnet(left, near, { lineEnds: 'crlf', ...limits });
  fromTelnet(right, far, { lineEnds: 'crlf', ...limits });
});

transportContract('telnet with exact bytes, over TCP', async (near, far, limits) => {
  const accepted = new EventEmitter();
  await using listener = await listenTcp({ host: '127.0.0.1', port: 0, ...limits }, () => {
    queueMicrotask(() => accepted.emit('connection'));
    return telnet(far, { lineEnds: 'exact', ...limits });
  });
  const { host, port } = listener.address;
  const protocol = telnet(near, { lineEnds: 'exact', ...limits });
  await Promise.all([once(accepted, 'connection'), connectTcp({ host, port, ...limits }, protocol)]);
});

/** Has both directions in BINARY before the test sees the connection, unless its protocol has thrown. */
transportContract('telnet in BINARY', async (near, far, limits) => {
  const binary = { local: [TelnetOption.BINARY], ...limits };
  const [left, right] = loopback(undefined, undefined, limits).map(connection =>
    fromTelnet(connection, undefined, binary),
  ) as [ITelnetTransport, ITelnetTransport];
  left.start(near);
  right.start(far);
  await Promise.allSettled([left, right].map(async transport => transport.do(TelnetOption.BINARY)));
});
