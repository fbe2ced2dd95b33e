/** The modes of a screen, by the names of terminal/output/modes.ts: what keys and the mouse have to be sent as. */
import type { CursorShape } from '../output/cursor.ts';
import type { Emulator } from './headless.ts';

export interface CursorLook {
  readonly visible: boolean;
  readonly shape: CursorShape;
}

/** Which movements a program hears of. */
export type MouseTracking = 'none' | 'press' | 'buttons' | 'drag' | 'motion';

export interface ScreenModes {
  readonly cursor: CursorLook;
  readonly cursorKeys: boolean;
  readonly applicationKeypad: boolean;
  readonly autoWrap: boolean;
  readonly reverseWrap: boolean;
  readonly origin: boolean;
  readonly insert: boolean;
  readonly newLine: boolean;
  readonly bracketedPaste: boolean;
  readonly focusReports: boolean;
  readonly synchronizedOutput: boolean;
  readonly mouse: MouseTracking;
  readonly mouseEncoding: 'x10' | 'sgr' | 'sgr-pixels';
  /** The kitty keyboard protocol's flags, as a sum. */
  readonly keyboardFlags: number;
}

const mouseTrackings = { none: 'none', x10: 'press', vt200: 'buttons', drag: 'drag', any: 'motion' } as const;
const mouseEncodings: Readonly<Record<string, ScreenModes['mouseEncoding']>> = {
  DEFAULT: 'x10',
  SGR: 'sgr',
  SGR_PIXELS: 'sgr-pixels',
};

export function screenModes(emulator: Emulator): ScreenModes {
  const { modes } = emulator;
  return {
    cursor: cursorLook(emulator),
    cursorKeys: modes.applicationCursorKeysMode,
    applicationKeypad: modes.applicationKeypadMode,
    autoWrap: modes.wraparoundMode,
    reverseWrap: modes.reverseWraparoundMode,
    origin: modes.originMode,
    insert: modes.insertMode,
    newLine: modes.newLineMode,
    bracketedPaste: modes.bracketedPasteMode,
    focusReports: modes.sendFocusMode,
    synchronizedOutput: modes.synchronizedOutputMode,
    mouse: mouseTrackings[modes.mouseTrackingMode],
    mouseEncoding: mouseEncodings[modes.mouseEncoding] ?? 'x10',
    keyboardFlags: emulator.keyboard.flags(emulator.shown),
  };
}

function cursorLook(emulator: Emulator): CursorLook {
  const { visible, shape, blinks } = emulator.cursorLook;
  return {
    visible,
    shape: shape === undefined ? 'default' : (shapes[blinks ? 'blinking' : 'steady'][shape] ?? 'default'),
  };
}

const shapes: Readonly<Record<'blinking' | 'steady', Readonly<Record<string, CursorShape>>>> = {
  blinking: { block: 'blinking-block', underline: 'blinking-underline', bar: 'blinking-bar' },
  steady: { block: 'block', underline: 'underline', bar: 'bar' },
};
