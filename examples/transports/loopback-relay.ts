/** Two ends that move only when they are pumped. */
import { loopbackRelay, TransportDuplex } from 'nacre/transport';

const far = new TransportDuplex();
far.on('data', (data: Buffer) => console.log('the far end hears', data.toString()));

const relay = loopbackRelay(undefined, far);
relay.near.write(Buffer.from('one step'));
console.log('nothing has moved');
console.log('something moved:', await relay.pump());
console.log('something moved:', await relay.pump());
