/**
 * A directory that takes long to answer, as on a file system that is dead: whoever looks at it waits until it is let go,
 * and then it is there, and empty.
 *
 * A line of Perl is its file system. It answers what the kernel asks at the mount, and nothing else; when its input ends,
 * or after a while, it is gone, and who still waits gets an error.
 * Facts: fuse(4), fuse_kernel.h in include/uapi/linux of the kernel, protocol 7.31.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRoot } from './as-root.ts';
import { closeAfterTest } from './cleanup.ts';
import { testWhere } from './possible.ts';

/** Says `held`, then `wanted`, when somebody looks; answers from the first line of its input on. */
const fileSystem = `
  use strict;
  my ($INIT, $GETATTR, $LOOKUP, $ENOENT, $ENOSYS) = (26, 3, 1, 2, 38);
  my %unanswered = map { $_ => 1 } (2, 36, 42); # FORGET, INTERRUPT, BATCH_FORGET
  my ($directory, @waiting) = @ARGV;
  $^F = 100; # mount(8) gets the descriptor
  open(my $fuse, "+<", "/dev/fuse") or exit 1;
  my $options = "fd=" . fileno($fuse) . ",rootmode=40000,user_id=0,group_id=0";
  system("mount", "-i", "-t", "fuse", "-o", $options, "nacre-test", $directory) == 0 or exit 1;
  END { close $fuse and system("umount", "-l", $directory) if $fuse } # in that order, or it waits for us
  $SIG{ALRM} = sub { exit };
  alarm 30;
  sub reply { my ($unique, $error, $data) = @_; syswrite($fuse, pack("LlQ", 16 + length $data, $error, $unique) . $data) }
  sub answer {
    my ($operation, $unique) = @_;
    return if $unanswered{$operation};
    return reply($unique, -$ENOENT, "") if $operation == $LOOKUP;
    return reply($unique, -$ENOSYS, "") if $operation != $GETATTR;
    my $attributes = pack("Q6 L3 L7", 1, (0) x 5, (0) x 3, 040755, 2, 0, 0, 0, 4096, 0);
    reply($unique, 0, pack("Q L2", 1, 0, 0) . $attributes);
  }
  my $answers = 0;
  syswrite(STDOUT, "held\\n");
  while (1) {
    my $ready = "";
    vec($ready, $_, 1) = 1 for (fileno($fuse), 0);
    next if select($ready, undef, undef, undef) < 0;
    if (vec($ready, 0, 1)) {
      sysread(STDIN, my $line, 100) or exit;
      $answers = 1;
      answer(@$_) for splice @waiting;
    }
    if (vec($ready, fileno($fuse), 1)) {
      sysread($fuse, my $request, 1 << 20) or exit;
      my ($length, $operation, $unique) = unpack("LLQ", $request);
      if ($operation == $INIT) { reply($unique, 0, pack("L4 S2 L x40", 7, 31, 0, 0, 9, 9, 4096)) }
      elsif ($answers) { answer($operation, $unique) }
      else { syswrite(STDOUT, "wanted\\n") if !@waiting; push @waiting, [$operation, $unique] }
    }
  }
`;

export interface HeldDirectory {
  readonly path: string;
  /** Resolves when somebody waits for it; once. */
  readonly wanted: () => Promise<void>;
  readonly letGo: () => void;
}

/** A new one, no longer than the test. */
export async function holdDirectory(): Promise<HeldDirectory> {
  const path = mkdtempSync(join(tmpdir(), 'nacre-held-'));
  const child = spawn('perl', ['-e', fileSystem, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  closeAfterTest(async () => {
    child.stdin.end();
    await ended;
    rmdirSync(path);
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const says = async (what: string): Promise<void> => {
    const { value } = (await lines.next()) as { value: unknown };
    if (value !== what) throw new Error(`the file system at ${path} should say ${what}, not ${String(value)}`);
  };
  await says('held');
  return { path, wanted: () => says('wanted'), letGo: () => void child.stdin.write('\n') };
}

function canMount(): boolean {
  if (!isRoot) return false;
  const path = mkdtempSync(join(tmpdir(), 'nacre-held-'));
  const { stdout } = spawnSync('perl', ['-e', fileSystem, path], { input: '', stdio: ['pipe', 'pipe', 'ignore'] });
  rmdirSync(path);
  return String(stdout).startsWith('held');
}

/** `test` where such a directory can be had. */
export const testWithHeldDirectory: ReturnType<typeof testWhere> = testWhere(
  canMount(),
  'only root can mount what perl answers for, by /dev/fuse',
);
