/** Every way to start a program, held to the contract. */
import { afterAll, beforeAll } from '@jest/globals';
import { startProcessHost, type ProcessHost } from '../../transport/process/host/index.ts';
import { spawnPipes } from '../../transport/process/pipes.ts';
import { spawnPty } from '../../transport/process/pty.ts';
import { build } from '../interop/build.ts';
import { has } from '../interop/missing.ts';
import { processContract, type ProcessCapabilities } from './process.ts';
import { buildNativePrograms, compiler, spawnNatively, spawnPtyNatively } from '../support/native-programs.ts';
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
}

let host: ProcessHost;
beforeAll(async () => {
  build();
  host = await startProcessHost();
}, 60_000);
afterAll(() => host.close());

processContract('a process host, on pipes,', (...start) => host.spawn(...start), pipes);
processContract(
  'a process host, on ptys,',
  (program, protocol, limits) => host.spawnPty(program, quiet, protocol, limits),
  terminal,
);
