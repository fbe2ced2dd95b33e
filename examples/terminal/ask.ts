/**
 * Questions and answers over SSH: a name, a colour that Tab completes, a password that does not show, a text of lines.
 *
 * usage: node ask.js HOST-KEY AUTHORIZED-KEY
 */
import { lineProgram, type Completer } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const colours = ['blue', 'black', 'green', 'red'];
const complete: Completer = text => ({ from: 0, candidates: colours.filter(colour => colour.startsWith(text)) });

await serveApp(() =>
  lineProgram(async lines => {
    const name = await lines.read({ prompt: 'Name: ' });
    const colour = await lines.read({ prompt: 'Colour: ', complete, remember: false });
    const password = await lines.read({ prompt: 'Password: ', hidden: '*' });
    const about = await lines.read({
      prompt: 'About you, ended by a dot:\n',
      multiline: true,
      isComplete: text => text.endsWith('.'),
    });
    lines.print(
      `${name} likes ${colour}; ${password.length} characters of password; ${about.split('\n').length} lines.`,
    );
    await lines.read({ prompt: 'Enter to leave ' });
  }),
);
