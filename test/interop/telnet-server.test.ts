/** Our telnet as a client, with the server that Twisted's telnet makes: what it asks for is what it gets. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectTcp } from '../../transport/sockets/tcp.ts';
import { TelnetOption } from '../../transport/telnet/codes.ts';
import type { ITelnetTransport } from '../../transport/telnet/contracts.ts';
import { telnet } from '../../transport/telnet/telnet.ts';
import { TelnetRecorder } from '../transport/telnet/lab.ts';
import { has } from './missing.ts';
import { startDeadline } from './running-server.ts';

const python = '/usr/bin/python3';
const twisted = {
  name: 'Twisted Conch',
  packages: 'python3-twisted',
  isInstalled: () => spawnSync(python, ['-c', 'import twisted.conch.telnet']).status === 0,
};

describe("Twisted's telnet server", () => (has(twisted) ? facts() : undefined));

function facts(): void {
  let server: ChildProcess;
  let port: number;

  beforeAll(async () => {
    const script = fileURLToPath(new URL('python/twisted_telnet.py', import.meta.url));
    const child = spawn(python, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    server = child;
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    port = Number(line.toString());
  }, startDeadline);
  afterAll(() => void server.kill());

  test('is told our size and each new one, is let echo, has its line mode acknowledged, and hears our keys', async () => {
    const { ECHO, SGA, LINEMODE } = TelnetOption;
    const near = new TelnetRecorder();
    const size = { columns: 132, rows: 255, widthPixels: 0, heightPixels: 0 };
    const options = { local: [SGA, LINEMODE], remote: [ECHO, SGA], size };
    await connectTcp({ host: '127.0.0.1', port }, telnet(near, options));
    await near.until(() => near.text.includes('size 132x255'));
    const transport = near.transport as ITelnetTransport;
    transport.resize({ ...size, columns: 40 });
    await near.until(() => near.text.includes('size 40x255'));
    transport.write(Buffer.from('x\xff', 'latin1'));
    await near.until(() => near.text.includes("key b'x'") && near.text.includes("key b'\\xff'"));
    expect(transport.isEnabled('remote', ECHO)).toBe(true);
    expect(near.events).toContainEqual({ kind: 'line-mode', mask: 2, acknowledged: false });
    transport.write(Buffer.from('q'));
    await near.until(() => near.readLost === 1);
    transport.loseConnection();
    expect((await near.ended()).kind).toBe('done');
  });
}
