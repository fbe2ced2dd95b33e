/** curl against the HTTP transports: bodies that stream both ways on HTTP/1.1 and HTTP/2, a tunnel as its proxy. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { listenBodies } from '../../transport/http/bodies.ts';
import { listenHttp2 } from '../../transport/http/http2-server.ts';
import { listenTunnel } from '../../transport/http/tunnel.ts';
import { listenUpgrade } from '../../transport/http/upgrade.ts';
import { connectTcp } from '../../transport/sockets/tcp.ts';
import { relay } from '../../transport/relay.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { Recorder } from '../support/recorder.ts';
import { has } from './missing.ts';

const curl = {
  name: 'curl',
  packages: 'curl',
  isInstalled: () => spawnSync('curl', ['--version']).status === 0,
};

const here = { host: '127.0.0.1', port: 0 };
const echo = (): Recorder => {
  const recorder: Recorder = new Recorder({ dataReceived: data => recorder.transport.write(data) });
  return recorder;
};

function start(...args: string[]): ChildProcess {
  const child = spawn('curl', ['--silent', '--show-error', '--no-buffer', '--max-time', '20', ...args]);
  closeAfterTest(() => void child.kill());
  return child;
}

/** What it printed, and its exit status. */
async function finished(child: ChildProcess): Promise<[output: Buffer, status: number]> {
  const output: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => output.push(data));
  const [status] = (await once(child, 'close')) as [number];
  return [Buffer.concat(output), status];
}

const run = (...args: string[]) => finished(start(...args));

const megabyte = Buffer.alloc(1_000_000, 'nacre ');

if (has(curl)) {
  const servers = [
    ['HTTP/1.1 bodies', '--http1.1', listenBodies],
    ['an HTTP/2 stream', '--http2-prior-knowledge', listenHttp2],
  ] as const;

  describe.each(servers)('curl and %s', (_name, version, listen) => {
    test('a megabyte goes up and comes back', async () => {
      await using listener = await listen(here, echo);
      const child = start(version, '-T', '-', `http://127.0.0.1:${listener.address.port}/`);
      child.stdin?.end(megabyte);
      const [output, status] = await finished(child);
      expect([output.equals(megabyte), status]).toEqual([true, 0]);
    });

    test('answers come down while questions go up', async () => {
      const near = echo();
      await using listener = await listen(here, () => near);
      const child = start(version, '-T', '-', `http://127.0.0.1:${listener.address.port}/`);
      let answers = '';
      child.stdout?.on('data', (data: Buffer) => (answers += data.toString()));
      let asked = '';
      for (let round = 0; round < 50 && answers === ''; round += 1) {
        child.stdin?.write(`${round}, `); // curl shows an answer only when it has something to send again
        asked += `${round}, `;
        await near.until(() => near.text === asked);
      }
      expect(answers.length).toBeGreaterThan(0);
      child.stdin?.end();
      const [, status] = await finished(child);
      expect([answers, status]).toEqual([asked, 0]);
    });

    test('our abort is an error there: an answer that was cut is not taken for a whole one', async () => {
      const near = new Recorder({ dataReceived: () => near.transport.abortConnection() });
      await using listener = await listen(here, () => near);
      const child = start(version, '-T', '-', `http://127.0.0.1:${listener.address.port}/`);
      child.stdin?.on('error', () => undefined);
      child.stdin?.write('cause');
      await near.ended();
      child.stdin?.end('and more');
      expect((await finished(child))[1]).not.toBe(0);
    });

    test('a request that is refused says what to do', async () => {
      await using listener = await listen(here, () => undefined);
      const [output] = await run(version, '--data', 'x', `http://127.0.0.1:${listener.address.port}/`);
      expect(output.toString()).toBe('This connection was refused.\n');
    });
  });

  test('curl goes through our tunnel to a server behind it', async () => {
    const server = createServer((_request, response) => response.end('a page')).listen(0, '127.0.0.1');
    closeAfterTest(() => void server.close());
    await once(server, 'listening');
    await using proxy = await listenTunnel(here, target => {
      const [near, far] = relay();
      void connectTcp(target, far);
      return near;
    });
    const { port } = server.address() as { port: number };
    const through = `http://127.0.0.1:${proxy.address.port}`;
    const [output, status] = await run('--proxytunnel', '--proxy', through, `http://127.0.0.1:${port}/`);
    expect([output.toString(), status]).toEqual(['a page', 0]);
  });

  test('curl is told of the upgrade that it did not ask for', async () => {
    await using listener = await listenUpgrade({ ...here, token: 'nacre/1' }, () => undefined);
    const [output] = await run('--include', `http://127.0.0.1:${listener.address.port}/`);
    expect(output.toString()).toMatch(/^HTTP\/1.1 426 Upgrade Required\r\nupgrade: nacre\/1\r\n/);
  });
}
