/**
 * A stock ssh2 server as a program of its own, for what would freeze or end the tests' process: says its port, and then
 * waits to be killed. Its login handler is asynchronous and unguarded, as most are.
 */
import { setTimeout as pause } from 'node:timers/promises';
import ssh2 from 'ssh2';

/** The library drops leading zeros of ed25519 keys, and cannot read them then. */
function makeHostKey() {
  const { private: text } = ssh2.utils.generateKeyPairSync('ed25519');
  return ssh2.utils.parseKey(text) instanceof Error ? makeHostKey() : text;
}

async function authenticate(context) {
  await pause(30); // a look into a database
  if (context.method === 'keyboard-interactive') return context.prompt('code', () => undefined);
  if (context.method === 'publickey') return context.accept();
  if (context.method === 'password') Buffer.from(context.password);
  return context.reject(['publickey']);
}

const server = new ssh2.Server({ hostKeys: [makeHostKey()] }, connection => {
  connection.on('error', () => undefined);
  connection.on('authentication', context => authenticate(context));
  connection.on('session', accept => accept().on('shell', accept => accept().write('x')));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
