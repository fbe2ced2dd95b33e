/** Drawing on a grid of cells, and sending what is different. */

/** Where something may draw. */
export { Canvas } from './canvas.ts';
/** What a screen is to show. */
export type { Cell } from './cells.ts';
export { Grid } from './grid.ts';
/** What turns a screen into a grid. */
export { Renderer, type RendererAbilities } from './renderer.ts';
/** Places and sizes. */
export { centred, contains, inset, intersection, rectangle, type Rectangle, type Size } from './rectangle.ts';
/** Text in lines. */
export { cutText, fitText, wrapText } from './lines.ts';
