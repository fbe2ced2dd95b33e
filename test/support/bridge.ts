/** Programs at the far end of a transport: each is joined to a socket, so that a test has both ends. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../transport/process/program.ts';
import { program } from './programs.ts';

/** Start something that connects to the path that it is given; what it is, and its connection, paused. */
export async function bridged<T>(start: (path: string) => T): Promise<[started: Awaited<T>, socket: Socket]> {
  const path = join(tmpdir(), `nacre-${randomUUID()}`);
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(path);
  await once(server, 'listening');
  const [started, [socket]] = await Promise.all([start(path), once(server, 'connection') as Promise<[Socket]>]);
  server.close();
  rmSync(path, { force: true });
  return [started, socket];
}

const script = `
  const socket = require('net').connect({ path: process.argv[1], allowHalfOpen: true });
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
  socket.on('end', () => process.stdout.write('', () => process.exit()));
  socket.on('error', () => process.exit(1));
  process.stdout.on('error', () => socket.unpipe(process.stdout).resume());
`;

/** Joins its input and output to a socket, and ends when the socket does; that nobody reads its output is no end. */
export const bridge = (path: string): Program => program(process.execPath, ['-e', script, path]);
