/** Write a file as a connection, then read it by its descriptor. */
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromDescriptors, openFile } from 'nacre/transport';

const folder = mkdtempSync(join(tmpdir(), 'example-'));
const path = join(folder, 'log');

const file = await openFile({ path });
file.write(Buffer.from('one line\n'));
await file[Symbol.asyncDispose](); // everything is in the file now

for await (const chunk of fromDescriptors({ read: openSync(path, 'r') })) process.stdout.write(chunk);
await openFile({ path }).catch((error: NodeJS.ErrnoException) => console.log('once more:', error.code));
rmSync(folder, { recursive: true });
