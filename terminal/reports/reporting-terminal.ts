/**
 * The reports of a terminal: what each asks and who reads its answer.
 *
 * After the deadline a report rejects with UnsupportedError, at the end of the connection with ConnectionLostError.
 */
import { TerminalOperations } from '../operations/settings.ts';
import * as out from '../output/index.ts';
import * as answers from './answers.ts';
import {
  brightness,
  type CursorPosition,
  type ITerminalReports,
  type ModeState,
  type PixelSize,
  type TerminalColours,
} from './contracts.ts';
import type { Asked, Questions } from './questions.ts';

export abstract class ReportingTerminal extends TerminalOperations implements ITerminalReports {
  protected abstract readonly questions: Questions;

  /**
   * In the first row, the answer looks like shift+F3 and its like (`CSI 1 ; 2 R`). While a report is awaited, it is the
   * report.
   */
  reportCursorPosition(): Promise<CursorPosition> {
    return this.#report('where the cursor is', out.requestCursorPosition(), answers.cursorPositionAnswer);
  }

  reportDeviceAttributes(): Promise<readonly number[]> {
    return this.#report('its attributes', out.requestDeviceAttributes(), answers.deviceAttributesAnswer);
  }

  reportSecondaryDeviceAttributes(): Promise<readonly number[]> {
    const request = out.requestSecondaryDeviceAttributes();
    return this.#report('its version number', request, answers.secondaryDeviceAttributesAnswer);
  }

  reportTertiaryDeviceAttributes(): Promise<string> {
    const request = out.requestTertiaryDeviceAttributes();
    return this.#report('its number', request, answers.tertiaryDeviceAttributesAnswer);
  }

  reportVersion(): Promise<string> {
    return this.#report('its name', out.requestVersion(), answers.versionAnswer);
  }

  async reportColours(): Promise<TerminalColours> {
    const foregroundAsked = this.#report('its text colour', out.requestForeground(), answers.colourAnswer(10));
    const backgroundAsked = this.#report('its background', out.requestBackground(), answers.colourAnswer(11));
    const [foreground, background] = await Promise.all([foregroundAsked, backgroundAsked]);
    return { foreground, background, scheme: brightness(background) < brightness(foreground) ? 'dark' : 'light' };
  }

  async reportSizeInCells(): Promise<{ columns: number; rows: number }> {
    const size = await this.#report('its size in cells', out.requestSizeInCells(), answers.sizeAnswer(8));
    return { columns: size.width, rows: size.height };
  }

  reportSizeInPixels(): Promise<PixelSize> {
    return this.#report('its size in pixels', out.requestSizeInPixels(), answers.sizeAnswer(4));
  }

  reportCellSize(): Promise<PixelSize> {
    return this.#report('the size of a cell', out.requestCellSize(), answers.sizeAnswer(6));
  }

  reportPrivateMode(mode: out.PrivateMode): Promise<ModeState> {
    const number = out.privateModeNumber(mode);
    return this.#report(`private mode ${number}`, out.requestPrivateMode(mode), answers.modeAnswer('?', number));
  }

  reportMode(mode: out.Mode): Promise<ModeState> {
    const number = out.modeNumber(mode);
    return this.#report(`mode ${number}`, out.requestMode(mode), answers.modeAnswer('', number));
  }

  /** Ask, and be able to take the question back. */
  protected ask<T>(what: string, request: string, read: answers.AnswerReader<T>): Asked<T> {
    const asked = this.questions.ask(what, read);
    this.send(request);
    return asked;
  }

  async #report<T>(what: string, request: string, read: answers.AnswerReader<T>): Promise<T> {
    const answer = await this.ask(what, request, read).answer;
    if (answer === undefined) throw new Error(`nobody takes back the question for ${what}`);
    return answer;
  }
}
