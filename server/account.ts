/**
 * The account that programs run as: who, where, with which shell, and what runs instead of it.
 */
import { userInfo } from 'node:os';
import type { Identity } from '../transport/process/identity.ts';
import type { ProgramPrefix } from '../transport/process/program.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  /** Login shell, an absolute path. */
  readonly shell: string;
  /** Whom programs run as; only root can choose. @default whom this process runs as */
  readonly identity?: Identity;
  /**
   * Runs instead of whatever the client asks for, which it finds in SSH_ORIGINAL_COMMAND: an absolute path, then
   * arguments. No shell reads them. @default what the client asks for runs
   */
  readonly command?: readonly [file: string, ...args: string[]];
  /** File mode creation mask. @default that of this process */
  readonly umask?: number;
  /** Commands to start programs through. @default none */
  readonly prefix?: ProgramPrefix;
}

/** The account this process runs as, from the system's user database. passwd(5): no shell means /bin/sh. */
export function servingAccount(): Account {
  const { username, uid, homedir, shell } = userInfo();
  return { name: username, uid, home: homedir, shell: shell || '/bin/sh' };
}
