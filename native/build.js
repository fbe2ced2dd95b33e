/**
 * Compile programs.c, for those who want programs on pipes to start faster: `npm run build:native`. Nothing needs it.
 *
 * usage: node native/build.js [FILE], by default native/build/programs.node. It calls `cc`, or what CC names. The headers
 * are those of node-api-headers, or else those that came with Node.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const output = process.argv[2] ?? join(here, 'build', 'programs.node');

async function headers() {
  try {
    return (await import('node-api-headers')).default.include_dir;
  } catch {
    const own = join(dirname(process.execPath), '..', 'include', 'node');
    if (existsSync(join(own, 'node_api.h'))) return own;
    throw new Error('node_api.h is missing: npm install --no-save node-api-headers');
  }
}

if (process.platform !== 'linux') throw new Error('programs.c is for Linux');
mkdirSync(dirname(output), { recursive: true });
const options = [
  '-std=c11',
  '-O2',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fPIC',
  '-shared',
  '-pthread',
  '-fvisibility=hidden',
];
execFileSync(
  process.env.CC ?? 'cc',
  [
    ...options,
    '-isystem',
    await headers(),
    '-o',
    output,
    ...['programs.c', 'terminals.c'].map(file => join(here, file)),
  ],
  {
    stdio: 'inherit',
  },
);
