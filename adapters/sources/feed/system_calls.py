"""Linux system calls that a worker process is refused, with their numbers.

Each is `name:x86-64:aarch64`; an architecture without the call has none in its place.
"""

from __future__ import annotations

_NETWORK = """
    socket:41:198 connect:42:203 accept:43:202 sendto:44:206 sendmsg:46:211 bind:49:200
    listen:50:201 socketpair:53:199 accept4:288:242 sendmmsg:307:269 io_uring_setup:425:425
"""
_PROCESSES = """
    clone:56:220 fork:57: vfork:58: execve:59:221 execveat:322:281 clone3:435:435 kill:62:129
    rt_sigqueueinfo:129:138 tkill:200:130 tgkill:234:131 rt_tgsigqueueinfo:297:240
    pidfd_send_signal:424:424 ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271
    kcmp:312:272 pidfd_open:434:434 pidfd_getfd:438:438 prlimit64:302:261
"""
_FILES = """
    truncate:76:45 ftruncate:77:46 rename:82: mkdir:83: rmdir:84: creat:85: link:86: unlink:87:
    symlink:88: chmod:90: fchmod:91:52 chown:92: fchown:93:55 lchown:94: utime:132: mknod:133:
    setxattr:188:5 lsetxattr:189:6 fsetxattr:190:7 removexattr:197:14 lremovexattr:198:15
    fremovexattr:199:16 utimes:235: mkdirat:258:34 mknodat:259:33 fchownat:260:54 futimesat:261:
    unlinkat:263:35 renameat:264:38 linkat:265:37 symlinkat:266:36 fchmodat:268:53 utimensat:280:88
    renameat2:316:276 openat2:437:437 fchmodat2:452:452
"""
_SYSTEM = """
    pivot_root:155:41 chroot:161:51 mount:165:40 umount2:166:39 init_module:175:105
    delete_module:176:106 kexec_load:246:104 add_key:248:217 request_key:249:218 keyctl:250:219
    unshare:272:97 perf_event_open:298:241 open_by_handle_at:304:265 setns:308:268
    finit_module:313:273 bpf:321:280 userfaultfd:323:282 open_tree:428:428 move_mount:429:429
    fsopen:430:430 mount_setattr:442:442
"""
_OPENING = {
    "open:2:": 1,
    "openat:257:56": 2,
}  # refused with flags to write; which argument has them

_PLACES = {"x86_64": 1, "aarch64": 2}

ARCHITECTURES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
"""The kernel's number for each architecture, by the name that the system gives it."""


def refused_calls(machine: str) -> tuple[int, ...]:
    """Returns the numbers of the calls that are refused on an architecture."""
    calls = f"{_NETWORK} {_PROCESSES} {_FILES} {_SYSTEM}".split()
    return tuple(number for call in calls for number in _number(call, machine))


def opening_calls(machine: str) -> dict[int, int]:
    """Returns the numbers of the calls that open files, with the place of their flags, from 0."""
    return {number: place for call, place in _OPENING.items() for number in _number(call, machine)}


def _number(call: str, machine: str) -> tuple[int, ...]:
    number = call.split(":")[_PLACES[machine]]
    return (int(number),) if number else ()
