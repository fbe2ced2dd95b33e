/**
 * Loaded before a program: whoever runs it has another home, the directory in NACRE_TEST_HOME. Its shells then run none of
 * the person's own startup files, which may take long, wait for each other, or say something.
 */
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const homedir = process.env.NACRE_TEST_HOME;
const { userInfo } = os;
os.userInfo = options => ({ ...userInfo(options), homedir });
syncBuiltinESMExports();
