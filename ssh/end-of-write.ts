/**
 * `eow@openssh.com`, a channel request: what you send me on this channel I drop from now on. OpenSSH PROTOCOL §2.1.
 *
 * It is half of a broken pipe: the other side may stop its source, and what it receives itself goes on. Nobody is told
 * who might not know it: some peers end the connection at a request without a reply that they never heard of.
 */
export const END_OF_WRITE = 'eow@openssh.com';

/** Whether a peer takes it, by its software version: OpenSSH from 5 on, as sshd decides it (compat.c). */
export const hearsEndOfWrite = (software: string): boolean => /^OpenSSH(?!_[234]\D)/.test(software);
