/**
 * What goes wrong where nobody is left to be told, as warnings of the process. Their names are API: `process.on('warning')`.
 */

/** A protocol or a program threw, and its connection has ended already. */
export const warnOfProtocol = ({ stack, message }: Error): void =>
  process.emitWarning(stack ?? message, 'ProtocolWarning');

/** A listener failed, and goes on. */
export const warnOfListener = ({ message }: Error): void => process.emitWarning(message, 'ListenerWarning');

/** What came too late could not be undone. */
export const warnOfUndo = ({ message }: Error): void => process.emitWarning(message, 'UndoWarning');
