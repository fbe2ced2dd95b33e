/**
 * The process host: a small process that starts programs for a server, and never grows with it.
 *
 * Signals that ask a whole group or service to end are for the server, whose sessions may still go on: the host ends
 * when its line does, which is also when the server dies, however it does. Its end closes every terminal and pipe that
 * it holds, and so hangs up what is left.
 */
import { parentConnection } from '../../worker/child-worker.ts';
import { loadPtyLibrary } from '../node-pty.ts';
import { lineLimits } from './line-limits.ts';
import { ProgramServer } from './program-server.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => undefined);
loadPtyLibrary();
parentConnection(new ProgramServer(() => process.exit()), lineLimits);
