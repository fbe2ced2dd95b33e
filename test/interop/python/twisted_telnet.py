"""A telnet server of Twisted: says the size of the client's window, repeats what it hears, prints its port first."""
from twisted.conch.insults.insults import TerminalProtocol, ServerProtocol
from twisted.conch.telnet import TelnetBootstrapProtocol, TelnetTransport
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory


class Reporter(TerminalProtocol):
    def terminalSize(self, width, height):
        self.terminal.write(b"size %dx%d\n" % (width, height))

    def keystrokeReceived(self, key, modifier):
        self.terminal.write(b"key %s\n" % repr(key).encode())
        if key == b"q":
            self.terminal.loseConnection()


factory = ServerFactory()
factory.protocol = lambda: TelnetTransport(TelnetBootstrapProtocol, ServerProtocol, Reporter)
print(reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port, flush=True)
reactor.run()
