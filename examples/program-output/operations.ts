/** What a program's bytes do to a terminal, one line each. */
import { OutputDecoder } from 'nacre/terminal';

const decoder = new OutputDecoder({
  text: text => console.log('text', JSON.stringify(text)),
  operation: ({ name, values }) => console.log(name, ...values),
  question: ({ about }) => console.log('asks for', about),
  unhandled: sequence => console.log('unhandled', JSON.stringify(Buffer.from(sequence).toString())),
});

decoder.feed(Buffer.from('\x1b[?1049h\x1b[2;5Hred: \x1b[1;31mno'));
decoder.feed(Buffer.from('\x1b[0m\x1b]0;a title\x07\x1b[6n\x1b[99z'));
decoder.end();
