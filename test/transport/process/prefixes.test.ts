/** Programs started through real commands: another root, a sandbox, a scope. On pipes and on a terminal, as another user. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Identity } from '../../../transport/process/identity.ts';
import { bubblewrap, resourceLimits, rootDirectory, systemdScope } from '../../../transport/process/prefixes.ts';
import { has } from '../../interop/missing.ts';
import { describeAsRoot } from '../../support/as-root.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { program, script } from '../../support/programs.ts';
import { kinds } from './run-to-end.ts';

const identity: Identity = { uid: 54_321, gid: 54_322, groups: [54_322] };

const installed = (file: string, packages: string): boolean =>
  has({ name: file, packages, isInstalled: () => existsSync(file) });

function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  chmodSync(folder, 0o755);
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A directory with nothing but `files`, what they are linked with, and /proc, which only some containers let root mount. */
function jail(...files: readonly string[]): { readonly root: string; readonly hasProc: boolean } {
  const root = temporaryDirectory();
  const libraries = execFileSync('ldd', files, { encoding: 'utf8' }).match(/(?<=^\s|=> )\/\S+(?= \()/gm) ?? [];
  for (const file of [...files, ...libraries]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(file, join(root, file), { dereference: true });
  }
  for (const folder of ['proc', 'dev']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'dev/null'), ''); // a file does: nothing more is written to it than messages of the launcher's
  chmodSync(join(root, 'dev/null'), 0o666);
  const hasProc = spawnSync('mount', ['-t', 'proc', 'proc', join(root, 'proc')]).status === 0;
  if (hasProc) closeAfterTest(() => void execFileSync('umount', [join(root, 'proc')]));
  else process.stderr.write('prefixes: root may not mount /proc here, so the launcher has to refuse the jail\n');
  return { root, hasProc };
}

describeAsRoot('a program of another user', () => {
  describe.each(kinds)('%s', (_kind, run) => {
    test('has another root directory, and nothing of this machine’s in it', async () => {
      const { root, hasProc } = jail('/bin/bash', '/usr/bin/setpriv', '/usr/bin/stty');
      const prefix = { beforeSwitch: rootDirectory(root) };
      const look = 'echo "$UID at $PWD"; echo /*; [ -e /etc ] || echo no /etc';
      const { said, code } = await run(program('/bin/bash', ['-c', look], { identity, prefix }));
      if (hasProc) expect(said).toMatch(/^54321 at \/\n(\/bin|\/dev|\/lib|\/lib64|\/proc|\/usr| )+\nno \/etc\n$/);
      else expect([said, code]).toEqual([expect.stringContaining('the change of user was not exact'), 126]);
    });

    test('has the limits that it is given, and cannot raise them', async () => {
      const prefix = { beforeSwitch: resourceLimits({ nofile: [64, 128], nproc: 7, fsize: 512 }) };
      const look = 'ulimit -Sn; ulimit -Hn; ulimit -u; ulimit -n 256 2>/dev/null || echo refused';
      const { said } = await run(program('/bin/bash', ['-c', look], { identity, prefix }));
      expect(said).toBe('64\n128\n7\nrefused\n');
    });

    if (installed('/usr/bin/bwrap', 'bubblewrap')) {
      test('is in a sandbox: processes and files of its own; or is told that there can be none', async () => {
        const args = ['--dev-bind', '/', '/', '--tmpfs', '/etc', '--unshare-pid', '--unshare-net', '--proc', '/proc'];
        const { said, code } = await run(
          script('id -u; echo /etc/* /proc/[0-9]; exit 3', { identity, prefix: { afterSwitch: bubblewrap(args) } }),
        );
        // Where the kernel lets users make no namespaces, bwrap says so, and nothing runs outside of it.
        if (code === 3) expect(said).toBe('54321\n/etc/* /proc/1 /proc/2\n');
        else expect([said, code]).toEqual([expect.stringMatching(/^bwrap: /), 1]);
      });
    }

    if (installed('/usr/bin/systemd-run', 'systemd')) {
      test('is in a scope of systemd’s; or is told that systemd does not run', async () => {
        const prefix = { beforeSwitch: systemdScope({ TasksMax: '50' }) };
        const { said, code } = await run(script('id -u; cat /proc/self/cgroup', { identity, prefix }));
        if (existsSync('/run/systemd/system')) expect(said).toMatch(/^54321\n.*\.scope\n$/s);
        else expect([said, code]).toEqual([expect.stringMatching(/systemd|bus/), 1]);
      });
    }

    test('is started by a stand-in for systemd-run, which gets the options and does not see the rest as any', async () => {
      const folder = temporaryDirectory();
      const standIn = join(folder, 'systemd-run');
      writeFileSync(
        standIn,
        `#!/bin/sh\nwhile [ "$1" != -- ]; do echo "$1"; shift; done >${folder}/options\nshift\nexec "$@"\n`,
        { mode: 0o755 },
      );
      const [, ...options] = systemdScope({ MemoryMax: '1G', TasksMax: '50' });
      const prefix = { beforeSwitch: [standIn, ...options] };
      const { said, code } = await run(script('id -u; echo "$@"; exit 4', { identity, prefix }));
      expect([said, code]).toEqual(['54321\n\n', 4]);
      expect(readFileSync(join(folder, 'options'), 'utf8')).toBe(
        '--scope\n--quiet\n--collect\n--property=MemoryMax=1G\n--property=TasksMax=50\n',
      );
    });
  });
});
