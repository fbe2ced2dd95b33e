/** A server with a process host and a program on pipes and on a pty, for tests that let it die. Prints their ids as JSON. */
import { startProcessHost } from '../../dist/transport/index.js';

const nothing = () => undefined;
const protocol = {
  makeConnection: nothing,
  outReceived: nothing,
  errReceived: nothing,
  processExited: nothing,
  processEnded: nothing,
  processLost: nothing,
};
const cat = { file: '/bin/cat', args: [], environment: {}, cwd: '/' };
const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 };

const host = await startProcessHost();
const { pid: onPipes } = await host.spawn(cat, protocol);
const { pid: onPty } = await host.spawnPty(cat, { term: '', size, modes: new Map() }, protocol);
console.log(JSON.stringify({ host: host.pid, onPipes, onPty }));
