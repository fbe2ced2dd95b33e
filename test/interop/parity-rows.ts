/**
 * Behaviours in which a server for programs is to be as sshd is: each a script of a client, whose output is compared.
 * A row that differs says why; one that says so and does not differ is wrong, too.
 *
 * In the scripts `ssh` knows the server under the name `host`; `raw` sends requests one by one (python/raw_requests.py);
 * `$mark` is a file that the user on the server can write, and `until_` waits for a condition, thirty seconds at the most.
 */

export interface ParityRow {
  readonly behaviour: string;
  readonly script: string;
  /** Why ours is otherwise, and what ours prints. */
  readonly differs?: { readonly ours: RegExp; readonly why: string };
}

/** Waits for a line of input before it ends, so that whatever is sent to it arrives while it runs. */
const waiting = `exec:echo ready; read x; exit 3`;

/** A login of Friday the 9th of January 2026 from 192.0.2.1, in lastlog(8), as it is on this machine's architecture. */
const writeLastlog = `touch /var/log/lastlog; python3 -c 'if 1:
  import os, platform, struct, sys
  uid = os.stat(os.path.dirname(sys.argv[1])).st_uid
  record = struct.pack("<i32s256s" if platform.machine() == "x86_64" else "<q32s256s", 1767949445, b"pts/1", b"192.0.2.1")
  os.pwrite(os.open("/var/log/lastlog", os.O_WRONLY), record, uid * len(record))' $mark`;

export const parityRows: readonly ParityRow[] = [
  // — ends —
  { behaviour: 'exit status', script: `ssh host 'exit 7'; echo $?; ssh -tt host 'exit 255'; echo $?` },
  { behaviour: 'a command that does not exist', script: `ssh host no-such-command 2>/dev/null; echo $?` },
  {
    behaviour: 'exit signal, message and core flag',
    script: `raw 'exec:kill -TERM $$'; raw 'exec:kill -USR1 $$'; raw pty 'exec:kill -KILL $$'`,
  },
  {
    behaviour: 'a signal that RFC 4254 §6.10 does not name',
    script: `raw 'exec:kill -STKFLT $$'`,
    differs: { ours: /STKFLT@/, why: 'sshd calls all of them SIG@openssh.com; ours says which it was' },
  },
  { behaviour: 'output and status come before the close', script: `raw 'exec:echo out; exit 3'` },
  { behaviour: 'the same for standard error', script: `raw 'exec:echo err >&2; exit 3'` },
  { behaviour: 'the same on a terminal', script: `raw pty 'exec:echo out; exit 3'` },
  {
    behaviour: 'a program closes its outputs and lives on: EOF comes then',
    script: `raw 'exec:echo out; echo err >&2; exec >&- 2>&-; read x; exit 3' hear:EOF 'type:\\n'`,
  },
  {
    behaviour: 'a program lets go of its terminal and lives on: what it shows when it has opened it again',
    script: `raw pty 'exec:echo out; exec <&- >&- 2>&-; sleep 0.5; echo again >/dev/tty; exit 3'`,
    differs: {
      ours: /again/,
      why: 'sshd says EOF as soon as nobody has the terminal open, and shows no more; ours goes on showing',
    },
  },
  {
    behaviour: 'a child holds the output after the exit: it is waited for',
    script: `ssh host '(sleep 0.3; echo late) & echo now; exit 5'; echo $?`,
  },
  {
    behaviour: 'a child holds the terminal after the exit: it is not waited for',
    script: `timeout 20 ssh $options -tt host '(trap "" HUP; exec sleep 25) & echo now; exit 5'; echo $?`,
  },
  {
    behaviour: 'a background job of a shell on a terminal, at logout',
    script: `raw pty 'exec:bash --norc -i' expect:bash- 'type:sleep 30 & echo $! >'$mark'; exit\\n'; p=$(cat $mark); sleep 0.2; kill -0 $p 2>/dev/null && echo alive && kill $p; rm $mark`,
  },
  {
    behaviour: 'nohup outlives its terminal',
    script: `ssh -tt host "nohup sleep 30 >/dev/null 2>&1 & echo \\$! >$mark; until grep -q sleep /proc/\\$!/comm; do sleep 0.02; done" >/dev/null; p=$(cat $mark); sleep 0.2; kill -0 $p && echo alive; kill $p`,
  },
  {
    behaviour: 'the client dies: what runs on a terminal is hung up',
    script: `command ssh $options -tt host "trap 'echo HUP >$mark; exit' HUP; echo up >$mark; while :; do sleep 0.05; done" >/dev/null & until_ grep -q up $mark; kill -9 $!; until_ grep -q HUP $mark; cat $mark`,
  },
  {
    behaviour: 'the client dies: every program on the terminal is gone, and the terminal with them',
    // Another terminal may have its name at once: it was made at another time. Processes are told by their session.
    script: `command ssh $options -tt host "sleep 77 & sleep 78 | cat & echo \\$\\$ \\$(tty) \\$(stat -c %z \\$(tty)) >$mark; wait" >/dev/null & until_ test -s $mark; read session t made <$mark; is_() { [ "$(stat -c %z $t)" = "$made" ]; }; lives_() { ps -s $session -o comm= | grep -q .; }; is_ && lives_ && echo there; kill -9 $!; gone_() { ! "$@"; }; until_ gone_ is_; until_ gone_ lives_`,
  },
  {
    behaviour: 'the client dies: a program on pipes that neither reads nor writes goes on',
    script: `command ssh $options host "echo \\$\\$ >$mark; exec sleep 30" </dev/null & until_ test -s $mark; p=$(cat $mark); kill -9 $!; sleep 0.3; kill -0 $p && echo alive; kill $p`,
  },
  {
    behaviour:
      'the client closes: a program on pipes reads its input to the end, and its status comes before the close',
    script: `raw 'exec:echo ready; sleep 0.3; cat >'$mark'; exit 7' expect:ready 'type:left' send-close; cat $mark`,
  },
  {
    behaviour: 'the client closes: what a program on pipes writes then, it writes to nobody',
    script: `raw 'exec:echo ready; cat; sleep 0.3; echo late; exit 7' expect:ready send-close; raw 'exec:echo ready; cat; echo late >&2; exit 7' expect:ready send-close; raw 'exec:trap "" PIPE; echo ready; cat; sleep 0.3; echo late || exit 6' expect:ready send-close`,
  },
  {
    behaviour:
      'the client closes while its input is still unread: the program stops writing at once, and may go on reading',
    script: `raw 'exec:trap "" PIPE; echo ready; while echo x 2>/dev/null; do sleep 0.02; done; wc -c >'$mark'; exit 6' expect:ready pour:1000000 send-close | grep -v ^out; cat $mark`,
  },
  {
    behaviour: 'the client closes: a program on a terminal is hung up, and how it ends comes before the close',
    script: `raw pty 'exec:trap "sleep 0.3; exit 9" HUP; echo ready; while :; do sleep 0.05; done' expect:ready send-close; raw pty 'exec:echo ready; exec sleep 30' expect:ready send-close`,
  },
  {
    behaviour: 'the client closes: a program on a terminal that ignores that goes on, and is waited for',
    script: `raw pty 'exec:trap "" HUP; echo ready; sleep 1; exit 9' expect:ready send-close`,
  },
  {
    behaviour: 'the client closes after the exit, while a child holds the output: the child is not waited for',
    script: `raw 'exec:sleep 10 & echo started; exit 4' expect:started quiet send-close; raw 'exec:sleep 10 >/dev/null 2>&1 & echo ready; read x; exit 4' expect:ready send-close`,
  },
  {
    behaviour: 'the client closes: questions that were asked before it are answered first',
    script: `raw 'exec:echo ready; cat; sleep 0.3; exit 4' expect:ready ask:x@example.org send-close`,
  },
  // — requests —
  {
    behaviour: 'a signal request reaches the whole process group',
    script: `raw 'exec:trap "echo outer; exit 4" TERM; sh -c "trap \\x27echo inner; exit\\x27 TERM; echo ready; while :; do sleep 0.05; done" 2>/dev/null; wait' expect:ready signal:TERM`,
  },
  { behaviour: 'a signal request of no signal', script: `raw '${waiting}' expect:ready signal:NONSENSE 'type:\\n'` },
  {
    behaviour: 'break, with and without a terminal',
    script: `raw pty '${waiting}' expect:ready break 'type:\\n'; raw '${waiting}' expect:ready break 'type:\\n'`,
  },
  { behaviour: 'a request that nobody knows', script: `raw '${waiting}' request:x@example.org 'type:\\n'` },
  { behaviour: 'a second command on one channel', script: `raw '${waiting}' exec:id 'type:\\n'` },
  {
    behaviour: 'a second terminal on one channel',
    script: `raw pty pty '${waiting}' 'type:\\n'`,
    differs: {
      ours: /pty-req: failure/,
      why: 'sshd ends the connection; ours refuses the request, and other sessions go on',
    },
  },
  {
    behaviour: 'terminal type, size and pixels',
    script: `raw pty 'exec:echo $TERM; python3 -c "import fcntl,struct,termios; print(struct.unpack(\\x27HHHH\\x27, fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))))"'`,
  },
  { behaviour: 'an empty terminal type', script: `raw no-term 'exec:echo "[$TERM]"'` },
  {
    behaviour: 'a storm of resizes: the last size holds',
    script: `raw pty 'exec:echo ready; read x; stty size' expect:ready storm resize:91,37,0,0 request:x@y 'type:\\n'`,
  },
  {
    behaviour: 'variables are accepted by pattern',
    script: `raw env:LC_X=1 env:LANG=C.UTF-8 env:FOO=2 env:PATH=/tmp env:LCX=3 'exec:echo "$LC_X $LANG $FOO $LCX"'`,
  },
  {
    behaviour: 'variables that the program gets',
    script: `ssh -tt host env | tr -d '\\r' | cut -d= -f1 | grep -vE '^(PWD|SHLVL|_|OLDPWD)$' | sort`,
    differs: { ours: /^(?!.*MAIL)/s, why: 'sshd also sets MAIL, to a spool that few machines have' },
  },
  {
    behaviour: 'the last login, before a shell on a terminal and nowhere else',
    script: `${writeLastlog}; for steps in 'pty shell' 'pty exec:' shell; do raw $steps 'type:exit\\n' | grep -o 'Last login[^\\]*' || echo none; ${writeLastlog}; done`,
  },
  // — commands —
  { behaviour: 'ssh -T: a shell without a terminal', script: `echo 'tty; echo $0; exit 2' | ssh -T host; echo $?` },
  {
    behaviour: 'ssh -tt: a terminal whatever standard input is',
    script: `ssh -tt host 'tty | tr -d 0-9; exit 2' </dev/null; echo $?`,
  },
  { behaviour: 'an empty command does nothing', script: `raw exec: 'type:echo $0; exit\\n'` },
  { behaviour: 'a command of 30 KiB', script: `ssh host "echo '$(printf %30000s x)' | wc -c"; echo $?` },
  {
    behaviour: 'a command of 128 KiB less one byte, the longest word that Linux gives to a program',
    script: `ssh host "echo $(printf %131066s | tr ' ' x)" | tr -d x | wc -c; ssh host "echo $(printf %131066s | tr ' ' x)" | wc -c`,
  },
  {
    behaviour: 'the same on a terminal, after a variable of 8 KiB',
    script: `raw pty "env:LC_X=$(printf %8000s x)" long:131066 | tail -n 1`,
  },
  { behaviour: 'a command that is longer than any word may be', script: `raw long:140000 | tail -n 1` },
  { behaviour: 'a command of 250 KiB', script: `raw long:256000 | tail -n 1` },
  { behaviour: 'a command of 300 KiB', script: `raw long:307200 | tail -n 1` },
  {
    behaviour: 'bytes that are not UTF-8 in a command',
    script: `raw 'exec:printf %s "caf\\xe9\\xff\\xc3\\xa9" | od -An -tx1'; raw pty 'exec:printf %s "\\xe9" | od -An -tx1'`,
  },
  {
    behaviour: 'bytes that are not UTF-8 in a variable',
    script: `raw 'env:LC_X=\\xe9\\xff' 'exec:printf %s "$LC_X" | od -An -tx1'`,
  },
  {
    behaviour: 'umask, directory, ignored and blocked signals, a session of its own',
    script: `ssh host 'umask; pwd; grep -E "Sig(Ign|Blk)" /proc/self/status; ps -o pid=,pgid=,sid= -p $$ | tr -s " " "\\n" | sort -u | grep -c .'`,
  },
  {
    behaviour: 'descriptors of a program',
    script: `ssh host 'ls /proc/self/fd | wc -l'; ssh -tt host 'ls /proc/self/fd | wc -l'`,
  },
  // — terminals —
  { behaviour: 'owner, group and mode of the terminal', script: `ssh -tt host 'stat -c "%U %G %a" $(tty)'` },
  {
    behaviour: 'modes that the client does not give',
    script: `raw pty 'exec:stty -a'`,
    differs: {
      ours: / iutf8/,
      why: 'IUTF8 is on, so that erasing takes whole characters; all else is the same',
    },
  },
  {
    behaviour: 'modes that the client does not give, but for IUTF8',
    script: `raw pty 'exec:stty -a' | sed 's/-\\?iutf8//'`,
  },
  { behaviour: 'every mode of RFC 4254 §8 the other way, and speeds', script: `raw modes 'exec:stty -a'` },
  { behaviour: '^D ends the input', script: `raw pty 'exec:cat; echo over' 'type:ab\\n' expect:ab 'type:\\x04'` },
  {
    behaviour: 'EOF of the client does not end the input of a terminal',
    script: `raw pty 'exec:read a; read -t 3 b; echo $?' 'type:ab\\n' expect:ab eof`,
    differs: { ours: /1/, why: 'ours types the EOF character, as a person would: a script on a terminal ends' },
  },
  {
    behaviour: '^C interrupts the foreground program',
    script: `raw pty 'exec:trap "echo caught; exit" INT; echo ready; while :; do sleep 0.05; done' expect:ready 'type:\\x03'`,
  },
  {
    behaviour: '^S and ^Q stop and start the output',
    script: `raw pty 'exec:echo ready; while read -t 0.02 x; [ "$x" != q ]; do echo .; done' expect:ready 'type:\\x13' quiet 'type:\\x11' flow 'type:q\\n' | grep -vE '^out'`,
  },
  {
    behaviour: '^Z stops a job and fg takes it back',
    script: `raw pty 'exec:TERM=dumb PS1="ready> " bash --norc -i' 'expect:ready> ' 'type:echo one; cat\\n' 'expect:\\none\\r\\n' 'type:a\\n' 'expect:a\\r\\na' 'type:\\x1a' expect:Stopped 'type:fg\\n' 'expect:\\ncat\\r\\n' 'type:b\\n' 'expect:b\\r\\nb' 'type:\\x04' 'type:exit 9\\n' | grep -v '^out'`,
  },
];
