/** What an sshd is told that serves benches and tests: public keys alone, whoever owns their files, and no words of its own. */
export const sshdSettings = `
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
PidFile none
LogLevel ERROR
`;
