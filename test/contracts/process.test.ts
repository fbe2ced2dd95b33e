/** Both ways to start a program, held to the contract. */
import { spawnPipes } from '../../transport/process/pipes.ts';
import { spawnPty } from '../../transport/process/pty.ts';
import { processContract } from './process.ts';
import { quiet } from '../support/terminals.ts';

processContract('spawnPipes', spawnPipes, {
  stderr: true,
  waitsForGrandchildren: true,
  hangUp: { code: 0, signal: null },
});

processContract('spawnPty', (program, protocol, limits) => spawnPty(program, quiet, protocol, limits), {
  stderr: false,
  waitsForGrandchildren: false,
  hangUp: { code: null, signal: 'SIGHUP' },
});
