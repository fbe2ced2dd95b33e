/**
 * Compile the addon, with which servers start programs themselves, and faster. Nothing needs it.
 *
 * usage: node native/build.js [--if-possible] [FILE], by default native/build/programs.node. `npm run build:native` fails
 * if it cannot be built; with --if-possible, as at each install, it says in one line what has come of it, and never
 * fails. It calls `cc`, or what CC names. The headers are those of node-api-headers, or else those that came with Node.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const sources = readdirSync(here)
  .filter(file => file.endsWith('.c'))
  .map(file => join(here, file));
const options = '-std=c11 -O2 -Wall -Wextra -Werror -fPIC -shared -pthread -fvisibility=hidden -Wl,-z,nodelete'.split(
  ' ',
);

async function headers() {
  try {
    return (await import('node-api-headers')).default.include_dir;
  } catch {
    const own = join(dirname(process.execPath), '..', 'include', 'node');
    if (existsSync(join(own, 'node_api.h'))) return own;
    throw new Error('node_api.h is missing: npm install --no-save node-api-headers');
  }
}

/** It is there whole or not at all, for a server may be loading it. Throws what the compiler says. */
async function build(output) {
  if (process.platform !== 'linux') throw new Error('the addon is for Linux');
  const unfinished = `${output}.${process.pid}`;
  mkdirSync(dirname(output), { recursive: true });
  try {
    const compiler = process.env.CC ?? 'cc';
    execFileSync(compiler, [...options, '-isystem', await headers(), '-o', unfinished, ...sources], { stdio: 'pipe' });
    process.dlopen({ exports: {} }, unfinished); // this kernel, or a filter of its calls, may not have what it needs
    renameSync(unfinished, output);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Why not, in one line. */
function reason({ code, path, stderr, message }) {
  if (code === 'ENOENT') return `there is no C compiler (${path}); on Debian: apt-get install gcc libc6-dev`;
  return (String(stderr ?? '').trim() || message).split('\n')[0];
}

const isOptional = process.argv[2] === '--if-possible';
const [output = join(here, 'build', 'programs.node')] = process.argv.slice(isOptional ? 3 : 2);
try {
  await build(output);
  if (isOptional) console.log('nacre: the addon is built, and servers start programs by it');
} catch (error) {
  rmSync(output, { force: true }); // one of an older version
  const means = 'servers start programs by a process host';
  if (isOptional) console.log(`nacre: no addon, so ${means}; npm run build:native builds it: ${reason(error)}`);
  else console.error(`${String(error.stderr ?? '')}nacre: the addon cannot be built: ${reason(error)}`);
  process.exitCode = isOptional ? 0 : 1;
}
