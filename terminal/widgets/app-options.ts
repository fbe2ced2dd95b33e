/** Options of an app: their meaning and defaults. */
import type { CloseReason } from '../../transport/close-reason.ts';
import { ConfigError } from '../../transport/errors.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { Keystroke } from '../keystroke.ts';
import type { Theme } from './theme.ts';

export interface AppOptions {
  /** @default 'auto': as the terminal's colours are, once it has said so */
  readonly theme?: Theme | 'auto';
  /** Take clicks and wheels. The terminal then selects text only with shift. @default true */
  readonly mouse?: boolean;
  /** The window's title. @default '': left alone */
  readonly title?: string;
  /** Keys that no widget has taken. True when it has taken it. @default none */
  readonly onKeystroke?: (keystroke: Keystroke) => boolean;
  /** The connection has ended; `protocol-error` if drawing has thrown. @default nothing */
  readonly onEnd?: (reason: CloseReason) => void;
  /** @default the system's */
  readonly clock?: Clock;
}

export const appDefaults = Object.freeze({
  theme: 'auto',
  mouse: true,
  title: '',
  onKeystroke: () => false,
  onEnd: () => undefined,
  clock: systemClock,
}) satisfies Required<AppOptions>;

/** Fill in defaults and check; throws ConfigError. */
export function resolveAppOptions(options: AppOptions): Required<AppOptions> {
  const unknown = Object.keys(options).find(name => !Object.hasOwn(appDefaults, name));
  if (unknown !== undefined) throw new ConfigError(unknown, 'there is no such option');
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return Object.freeze({ ...appDefaults, ...given });
}
