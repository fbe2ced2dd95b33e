/** Makes dist/ what the sources say, for tests that run the built program. After `npm run build` there is nothing to do. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stamp = `${root}dist/.tsbuildinfo`;
const folders = ['transport', 'ssh', 'keys', 'terminal', 'server', 'testing', 'bin', 'examples', 'bench'];

/** Compile if any source is newer than the last build. Throws what the compiler says when it does not compile. */
export function build(): void {
  if (newestSource() <= modified(stamp)) return;
  const { status, stdout } = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(stamp, { force: true }); // the compiler writes it all the same
    throw new Error(`dist/ is older than the sources, and they do not compile:\n${stdout}`);
  }
  utimesSync(stamp, new Date(), new Date()); // the compiler leaves it alone when nothing changed
}

const newestSource = (): number =>
  Math.max(
    ...folders.flatMap(folder =>
      readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map(file =>
        modified(`${root}${folder}/${file}`),
      ),
    ),
  );

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
