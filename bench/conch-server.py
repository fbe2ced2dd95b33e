"""Twisted Conch as a server of programs: its own unix realm, which is what `twistd conch` runs.

usage: conch-server.py HOST-KEY AUTHORIZED-KEYS PORT USER
"""

import sys

from twisted.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from twisted.conch.ssh.factory import SSHFactory
from twisted.conch.ssh.keys import Key
from twisted.conch.unix import UnixSSHRealm
from twisted.cred.portal import Portal
from twisted.internet import reactor

host_key, authorized_keys, port, user = sys.argv[1:]


class Factory(SSHFactory):
    key = Key.fromFile(host_key)
    publicKeys = {b"ssh-ed25519": key.public()}
    privateKeys = {b"ssh-ed25519": key}

    def getPrimes(self):
        return None


class Realm(UnixSSHRealm):
    # Its own, in Twisted 22.4, asks the system for a user by bytes, and is refused.
    def requestAvatar(self, username, mind, *interfaces):
        return super().requestAvatar(username.decode(), mind, *interfaces)


factory = Factory()
keys = InMemorySSHKeyDB({user.encode(): [Key.fromFile(authorized_keys)]})
factory.portal = Portal(Realm(), [SSHPublicKeyChecker(keys)])
reactor.listenTCP(int(port), factory, interface="127.0.0.1")
reactor.run()
