/**
 * Modifiers as a number: 1 plus bits. xterm ctlseqs, "PC-Style Function Keys"; kitty keyboard protocol, "Modifiers".
 *
 * Bit 8 is xterm's meta and kitty's super, and no terminal tells which it means: it is `super` here.
 */
import type { Keystroke } from '../keystroke.ts';

/** Behind shift, alt, control and super: only kitty's. */
const rare = [
  [16, 'hyper'],
  [32, 'meta'],
  [64, 'capsLock'],
  [128, 'numLock'],
] as const;

const events = ['press', 'press', 'repeat', 'release'] as const;

type Held = Pick<Keystroke, 'control' | 'alt' | 'shift' | 'super' | 'event'> & Partial<Keystroke>;

/** From the modifiers' number and the event's (1 press, 2 repeat, 3 release); undefined for what neither can be. */
export function modifiersOf(number: number, eventNumber = 1): Held | undefined {
  const event = events[eventNumber];
  if (number < 1 || number > 256 || event === undefined) return undefined;
  const bits = number - 1;
  const held = {
    control: (bits & 4) !== 0,
    alt: (bits & 2) !== 0,
    shift: (bits & 1) !== 0,
    super: (bits & 8) !== 0,
    event,
  };
  return bits < 16 ? held : { ...held, ...Object.fromEntries(rareOf(bits)) };
}

const rareOf = (bits: number): [string, true][] => rare.filter(([bit]) => bits & bit).map(([, name]) => [name, true]);
