/** The client that sends requests one by one, as a word of a script: `raw STEP…` (python/raw_requests.py). */
import { fileURLToPath } from 'node:url';
import type { Login } from './login.ts';

export const rawRequests = ({ host, port, user, keyFile }: Login): string => {
  const file = fileURLToPath(new URL('python/raw_requests.py', import.meta.url));
  return `raw() { /usr/bin/python3 -W ignore '${file}' ${host} ${port} ${user} '${keyFile}' "$@"; }`;
};
