/** A guest that is a program: it answers `ping`. It serves in a worker process, when this file is run, and on a loopback. */
import { argv } from 'node:process';
import { parentConnection, type IConnection } from 'nacre/transport';

export async function answerPings(room: IConnection): Promise<void> {
  for await (const chunk of room) {
    if (/^[^*]*: ping\n/m.test(Buffer.from(chunk).toString())) room.write(Buffer.from('pong\n'));
  }
}

if (argv[2] === 'worker') await answerPings(parentConnection());
