/** Control functions as pure functions from values to strings, by the names of the standards. */

/** Moving the cursor. */
export * from './cursor.ts';
/** Emptying places. */
export * from './erase.ts';
/** Opening and closing gaps; what scrolls. */
export * from './edit.ts';
/** Tab stops. */
export * from './tab-stops.ts';
/** Character sets. */
export * from './character-sets.ts';
/** Double height and width. */
export * from './lines.ts';
/** Modes, resets, the bell. */
export * from './modes.ts';
/** Kitty keyboard protocol. */
export * from './keyboard.ts';
/** Styles. */
export {
  selectGraphicRendition,
  setStyle,
  type GraphicParameter,
  type Style,
  type StyleAbilities,
  type Underline,
} from './style.ts';
export { changeStyle } from './style-change.ts';
/** Colours. */
export { palette, type Colour, type NamedColour } from './colour.ts';
/** Links. */
export * from './hyperlink.ts';
/** The window's title. */
export * from './title.ts';
/** The clipboard. */
export * from './clipboard.ts';
/** Notifications. */
export * from './notification.ts';
/** Questions. */
export * from './requests.ts';
/** Text without control characters. */
export { text, type TextOptions } from './text.ts';
