"""Listen on any free port of 127.0.0.1, print it, and become the program that is named, with the listener as descriptor 3.

usage: listen_and_exec.py PROGRAM [ARGUMENT]...
"""
import os
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
if listener.fileno() == 3:
    os.set_inheritable(3, True)
else:
    os.dup2(listener.fileno(), 3)
os.execv(sys.argv[1], sys.argv[1:])
