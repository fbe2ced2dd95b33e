/**
 * The operations that leave nothing to put back: each sends what terminal/output/ says.
 *
 * What they do and where it is written stands there; the promises stand in contracts.ts.
 */
import type { IDrawingOperations } from '../contracts.ts';
import * as out from '../output/index.ts';

export abstract class DrawingOperations implements IDrawingOperations {
  protected abstract send(sequence: string): void;

  cursorUp(rows = 1): void {
    this.send(out.cursorUp(rows));
  }

  cursorDown(rows = 1): void {
    this.send(out.cursorDown(rows));
  }

  cursorForward(columns = 1): void {
    this.send(out.cursorForward(columns));
  }

  cursorBackward(columns = 1): void {
    this.send(out.cursorBackward(columns));
  }

  cursorPosition(column: number, row: number): void {
    this.send(out.cursorPosition(column, row));
  }

  cursorColumn(column: number): void {
    this.send(out.cursorColumn(column));
  }

  cursorRow(row: number): void {
    this.send(out.cursorRow(row));
  }

  cursorHome(): void {
    this.send(out.cursorHome());
  }

  saveCursor(): void {
    this.send(out.saveCursor());
  }

  restoreCursor(): void {
    this.send(out.restoreCursor());
  }

  index(): void {
    this.send(out.index());
  }

  reverseIndex(): void {
    this.send(out.reverseIndex());
  }

  nextLine(): void {
    this.send(out.nextLine());
  }

  eraseLine(): void {
    this.send(out.eraseLine());
  }

  eraseToLineEnd(): void {
    this.send(out.eraseToLineEnd());
  }

  eraseToLineBeginning(): void {
    this.send(out.eraseToLineBeginning());
  }

  eraseDisplay(): void {
    this.send(out.eraseDisplay());
  }

  eraseToDisplayEnd(): void {
    this.send(out.eraseToDisplayEnd());
  }

  eraseToDisplayBeginning(): void {
    this.send(out.eraseToDisplayBeginning());
  }

  eraseScrollback(): void {
    this.send(out.eraseScrollback());
  }

  eraseCharacter(count = 1): void {
    this.send(out.eraseCharacter(count));
  }

  insertCharacter(count = 1): void {
    this.send(out.insertCharacter(count));
  }

  deleteCharacter(count = 1): void {
    this.send(out.deleteCharacter(count));
  }

  insertLine(count = 1): void {
    this.send(out.insertLine(count));
  }

  deleteLine(count = 1): void {
    this.send(out.deleteLine(count));
  }

  scrollUp(rows = 1): void {
    this.send(out.scrollUp(rows));
  }

  scrollDown(rows = 1): void {
    this.send(out.scrollDown(rows));
  }

  setTabStop(): void {
    this.send(out.setTabStop());
  }

  clearTabStop(): void {
    this.send(out.clearTabStop());
  }

  clearAllTabStops(): void {
    this.send(out.clearAllTabStops());
  }

  singleShift2(): void {
    this.send(out.singleShift2());
  }

  singleShift3(): void {
    this.send(out.singleShift3());
  }

  screenAlignment(): void {
    this.send(out.screenAlignment());
  }

  doubleHeightLine(half: 'top' | 'bottom'): void {
    this.send(out.doubleHeightLine(half));
  }

  doubleWidthLine(): void {
    this.send(out.doubleWidthLine());
  }

  singleWidthLine(): void {
    this.send(out.singleWidthLine());
  }

  bell(): void {
    this.send(out.bell());
  }
}
