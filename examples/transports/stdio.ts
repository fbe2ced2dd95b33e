/** This process's own standard input and output as a connection. */
import { addressText, standardIO } from 'nacre/transport';

const stdio = standardIO();
stdio.write(Buffer.from(`from ${addressText(stdio.getPeer())}\n`));
stdio.write(Buffer.from(stdio.size ? 'on a terminal\n' : 'not on a terminal\n'));
await stdio[Symbol.asyncDispose]();
