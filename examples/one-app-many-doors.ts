/**
 * One application, many doors: a chat room that people enter over TCP, telnet, a Unix socket, HTTP/2, a WebSocket and from this
 * terminal, and programs from a worker and from inside this process. To the room they are all connections.
 *
 * From a clone: `npm run -s build && node dist/examples/one-app-many-doors.js`. It says what to type in other terminals;
 * Ctrl-D closes all doors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  listenHttp2,
  listenTcp,
  listenUnix,
  listenWebSocket,
  loopback,
  spawnWorker,
  standardIO,
  telnet,
} from 'nacre/transport';
import { answerPings } from './one-app-many-doors/bot.ts';
import { Room } from './one-app-many-doors/room.ts';

const host = '127.0.0.1';
const folder = mkdtempSync(join(tmpdir(), 'nacre-doors-'));
const path = join(folder, 'room');
const botFile = fileURLToPath(new URL('one-app-many-doors/bot.js', import.meta.url));

const room = new Room();
const tcp = await listenTcp({ host, port: 0 }, () => room.guest('tcp'));
const telnetDoor = await listenTcp({ host, port: 0 }, () => telnet(room.guest('telnet')));
const unix = await listenUnix({ path }, () => room.guest('unix'));
const http2 = await listenHttp2({ host, port: 0 }, () => room.guest('http2'));
const webSocket = await listenWebSocket({ host, port: 0 }, () => room.guest('websocket'));

const [inside, bot] = loopback();
spawnWorker({ file: botFile, args: ['worker'] }, room.guest('worker'));
inside.start(room.guest('loopback'));
void answerPings(bot);

const terminal = standardIO();
terminal.write(
  Buffer.from(`\
The room is open. Come in from another terminal:
  nc ${host} ${tcp.address.port}
  telnet ${host} ${telnetDoor.address.port}
  socat - UNIX-CONNECT:${path}
  curl -sN --http2-prior-knowledge -T - http://${host}:${http2.address.port}/
or from a browser's console:
  s = new WebSocket('ws://${host}:${webSocket.address.port}/'); s.onmessage = async m => console.log(await m.data.text())
A worker and a loopback answer 'ping'. Ctrl-D closes the room.
`),
);
const person = room.guest('stdio');
terminal.start(person);
await person.gone;

room.close();
await Promise.all([tcp, telnetDoor, unix, http2, webSocket].map(door => door.close()));
rmSync(folder, { recursive: true });
