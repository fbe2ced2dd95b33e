/** Rectangles of cells: pure arithmetic, columns before rows, both counted from 0 at the top left. */

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Rectangle extends Size {
  readonly column: number;
  readonly row: number;
}

export const rectangle = (column: number, row: number, columns: number, rows: number): Rectangle => ({
  column,
  row,
  columns: Math.max(0, columns),
  rows: Math.max(0, rows),
});

/** What both cover; of no size if that is nothing. */
export function intersection(one: Rectangle, other: Rectangle): Rectangle {
  const column = Math.max(one.column, other.column);
  const row = Math.max(one.row, other.row);
  const end = Math.min(one.column + one.columns, other.column + other.columns);
  const bottom = Math.min(one.row + one.rows, other.row + other.rows);
  return rectangle(column, row, end - column, bottom - row);
}

export const contains = (area: Rectangle, column: number, row: number): boolean =>
  column >= area.column && column < area.column + area.columns && row >= area.row && row < area.row + area.rows;

/** Smaller by so many cells at each side. */
export const inset = (area: Rectangle, columns: number, rows = columns): Rectangle =>
  rectangle(area.column + columns, area.row + rows, area.columns - 2 * columns, area.rows - 2 * rows);

/** In the middle of `around`, and no larger. */
export function centred(size: Size, around: Size): Rectangle {
  const columns = Math.min(size.columns, around.columns);
  const rows = Math.min(size.rows, around.rows);
  return rectangle(Math.floor((around.columns - columns) / 2), Math.floor((around.rows - rows) / 2), columns, rows);
}
