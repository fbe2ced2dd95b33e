/**
 * Who may log in, and as which account each of them runs programs: one object for each way to answer that.
 *
 * system.ts asks the machine, virtual.ts a list. Whoever is not named by either does not get in.
 */
import type { PublicKey } from '../../keys/public-key.ts';
import type { Address } from '../../transport/address.ts';
import type { Account } from '../account.ts';

export interface Accounts {
  /** For `listen`. Takes the same work for names that do not exist. */
  readonly authorize: (user: string, key: PublicKey, peer: Address) => Promise<boolean>;
  /** For `runPrograms`, asked anew at each session. Rejects if `user` may not log in any more. */
  readonly accountOf: (session: { readonly user: string; readonly peer: Address }) => Promise<Account>;
}
