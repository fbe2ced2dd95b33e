/** Every way to start a program, held to the contract. */
import { spawnPipes } from '../../transport/process/pipes.ts';
import { spawnPty } from '../../transport/process/pty.ts';
import { has } from '../interop/missing.ts';
import { processContract, type ProcessCapabilities } from './process.ts';
import {
  buildNativePrograms,
  compiler,
  nativeRunner,
  spawnNatively,
  spawnPtyNatively,
} from '../support/native-programs.ts';
import { sharedHost } from '../support/process-hosts.ts';
import { quiet } from '../support/terminals.ts';

const pipes: ProcessCapabilities = {
  stderr: true,
  waitsForGrandchildren: true,
  hangUp: { code: 0, signal: null },
  closedOutput: 'its write fails',
};
const terminal: ProcessCapabilities = {
  stderr: false,
  waitsForGrandchildren: false,
  hangUp: { code: null, signal: 'SIGHUP' },
  closedOutput: 'it waits',
};

processContract('spawnPipes', spawnPipes, pipes);
processContract('spawnPty', (program, protocol, limits) => spawnPty(program, quiet, protocol, limits), terminal);

if (has(compiler)) {
  const spawnPtyByAddon = spawnPtyNatively(buildNativePrograms);
  processContract('the addon, on pipes,', spawnNatively(buildNativePrograms), { ...pipes, cores: true });
  processContract(
    'the addon, on ptys,',
    (program, protocol, limits) => spawnPtyByAddon(program, quiet, protocol, limits),
    { ...terminal, cores: true },
  );

  const aside = nativeRunner(buildNativePrograms);
  processContract('a thread of the addon, on pipes,', aside.spawn, { ...pipes, cores: true });
  processContract(
    'a thread of the addon, on ptys,',
    (program, protocol, limits) => aside.spawnPty(program, quiet, protocol, limits),
    { ...terminal, cores: true },
  );
}

const host = sharedHost();

processContract('a process host, on pipes,', (...start) => host().spawn(...start), pipes);
processContract(
  'a process host, on ptys,',
  (program, protocol, limits) => host().spawnPty(program, quiet, protocol, limits),
  terminal,
);
