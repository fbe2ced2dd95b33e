/** Makes key pairs again and again, for a test that has memory collected often meanwhile. Prints how many. */
import { newKeyPair } from '../../dist/ssh/key-pair.js';

const times = Number(process.argv[2]);
for (let count = 0; count < times; count += 1) newKeyPair(count % 2 === 0 ? 'x25519' : 'ed25519');
console.log(times);
