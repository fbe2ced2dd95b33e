/**
 * The account that programs run as. For now there is one: that of the person who runs nacre.
 */
import { userInfo } from 'node:os';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  /** Login shell, an absolute path. */
  readonly shell: string;
}

/** The account this process runs as, from the system's user database. passwd(5): no shell means /bin/sh. */
export function servingAccount(): Account {
  const { username, uid, homedir, shell } = userInfo();
  return { name: username, uid, home: homedir, shell: shell || '/bin/sh' };
}
