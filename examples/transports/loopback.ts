/** Two ends in memory: what one writes, the other reads. */
import { loopback } from 'nacre/transport';

const [near, far] = loopback();
near.write(Buffer.from('hello, '));
near.writeSequence([Buffer.from('wor'), Buffer.from('ld')]);
near.loseConnection();

let heard = '';
for await (const chunk of far) heard += Buffer.from(chunk).toString();
console.log(heard);
