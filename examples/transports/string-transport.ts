/** A protocol under test: the test plays the peer, and looks at what was written. */
import { StringTransport, type IProtocol, type IStreamTransport } from 'nacre/transport';

let transport: IStreamTransport;
const shouter: IProtocol = {
  makeConnection: made => void (transport = made),
  dataReceived: data => transport.write(Buffer.from(Buffer.from(data).toString().toUpperCase())),
  connectionLost: reason => console.log('lost:', reason.kind),
};

const peer = new StringTransport();
peer.start(shouter);
peer.receive(Buffer.from('louder'));
console.log('written:', peer.value().toString());
peer.lose();
