/** A terminal protocol, and somebody else who is told of its end, and first. */
import type { CloseReason } from '../transport/close-reason.ts';
import type { ITerminalProtocol } from './contracts.ts';

export const withEnd = (program: ITerminalProtocol, ended: (reason: CloseReason) => void): ITerminalProtocol => ({
  makeConnection: terminal => program.makeConnection(terminal),
  keystrokeReceived: keystroke => program.keystrokeReceived(keystroke),
  pasteReceived: paste => program.pasteReceived(paste),
  mouseReceived: event => program.mouseReceived(event),
  focusReceived: focused => program.focusReceived(focused),
  terminalSize: size => program.terminalSize(size),
  unhandledControlSequence: sequence => program.unhandledControlSequence(sequence),
  connectionLost: reason => {
    ended(reason);
    program.connectionLost(reason);
  },
});
