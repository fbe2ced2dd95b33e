/**
 * What a terminal can do, as one value; and how to combine what is guessed with what is known.
 */

/** How many colours a terminal shows; 0 where it shows none. */
export type ColourDepth = 0 | 8 | 16 | 256 | 16_777_216;

export interface Capabilities {
  /** What TERM said. */
  readonly term: string;
  /** The terminal's own word for itself, or ''. */
  readonly version: string;
  /** Whether the terminal has answered the probe. */
  readonly answered: boolean;
  readonly colours: ColourDepth;
  /** OSC 8. */
  readonly hyperlinks: boolean;
  /** CSI u with flags. */
  readonly kittyKeyboard: boolean;
  /** Private mode 2026. */
  readonly synchronizedOutput: boolean;
  /** Private mode 2004. */
  readonly bracketedPaste: boolean;
  /** Private mode 1004. */
  readonly focusReports: boolean;
  /** Private mode 1006. */
  readonly mouse: boolean;
  /** Private mode 1016. */
  readonly mousePixels: boolean;
  /** Private mode 2048. */
  readonly inBandResize: boolean;
  /** SGR 4:3 and SGR 58. */
  readonly underlineStyles: boolean;
  /** DECSCUSR. */
  readonly cursorShape: boolean;
  /** Private mode 1049. */
  readonly alternateScreen: boolean;
  readonly title: boolean;
  /** DA1 says 4. */
  readonly sixel: boolean;
  /** The background is darker than the text; undefined where nobody knows. */
  readonly dark: boolean | undefined;
}
