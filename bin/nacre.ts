#!/usr/bin/env node
/** The `nacre` command: the world as it is, and an exit code. */
import { systemIo } from './io.ts';
import { main } from './main.ts';

process.stdout.on('error', () => undefined); // whoever read the log has gone; those who are logged in have not
process.exit(await main(process.argv.slice(2), systemIo()));
