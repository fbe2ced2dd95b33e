/**
 * A JavaScript prompt over SSH whose lines run in a process of their own: they can end that, and not this one.
 *
 * usage: node isolated-repl.js HOST-KEY AUTHORIZED-KEY
 */
import { repl } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const visits = new Map<string, number>();

await serveApp(({ user }) => {
  visits.set(user, (visits.get(user) ?? 0) + 1);
  const visitsOf = (name: string): number => visits.get(name) ?? 0;
  return repl({ user, visitsOf }, { isolation: 'process', memory: 64, timeout: 2_000, banner: 'user, visitsOf' });
});
