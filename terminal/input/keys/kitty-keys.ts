/**
 * Keys that the kitty keyboard protocol numbers: `CSI number u`. All other numbers are the Unicode code of the key.
 *
 * Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/, "Functional key definitions".
 */

/** Keys named from a number on, one after the other. */
const runs: ReadonlyArray<readonly [first: number, names: readonly string[]]> = [
  [9, ['tab']],
  [13, ['enter']],
  [27, ['escape']],
  [32, ['space']],
  [127, ['backspace']],
  [57_358, ['capsLock', 'scrollLock', 'numLock', 'printScreen', 'pause', 'menu']],
  [57_376, Array.from({ length: 23 }, (_, index) => `f${index + 13}`)],
  [57_399, Array.from({ length: 10 }, (_, digit) => `keypad${digit}`)],
  [57_409, ['keypadDecimal', 'keypadDivide', 'keypadMultiply', 'keypadSubtract', 'keypadAdd', 'keypadEnter']],
  [57_415, ['keypadEqual', 'keypadSeparator', 'keypadLeft', 'keypadRight', 'keypadUp', 'keypadDown']],
  [
    57_421,
    ['keypadPageUp', 'keypadPageDown', 'keypadHome', 'keypadEnd', 'keypadInsert', 'keypadDelete', 'keypadBegin'],
  ],
  [57_428, ['mediaPlay', 'mediaPause', 'mediaPlayPause', 'mediaReverse', 'mediaStop', 'mediaFastForward']],
  [57_434, ['mediaRewind', 'mediaTrackNext', 'mediaTrackPrevious', 'mediaRecord']],
  [57_438, ['lowerVolume', 'raiseVolume', 'muteVolume']],
  [57_441, ['leftShift', 'leftControl', 'leftAlt', 'leftSuper', 'leftHyper', 'leftMeta']],
  [57_447, ['rightShift', 'rightControl', 'rightAlt', 'rightSuper', 'rightHyper', 'rightMeta']],
  [57_453, ['isoLevel3Shift', 'isoLevel5Shift']],
];

/** What keypad keys would insert, where the terminal does not say. */
export const keypadText: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [`keypad${digit}`, String(digit)])),
  keypadDecimal: '.',
  keypadDivide: '/',
  keypadMultiply: '*',
  keypadSubtract: '-',
  keypadAdd: '+',
  keypadEqual: '=',
  keypadSeparator: ',',
};

export const kittyKeys: ReadonlyMap<number, string> = new Map(
  runs.flatMap(([first, names]) => names.map((name, index): [number, string] => [first + index, name])),
);
