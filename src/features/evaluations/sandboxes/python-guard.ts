/**
 * What python3 runs before a program. Limits of the operating system, a user without rights, no network where the system lets
 * us take it away; and a hook on Python's audit events (PEP 578), which no program can take back, that ends whatever starts
 * processes, opens sockets or writes files. The hook alone is no sandbox against native code, which is why native code cannot be
 * loaded beyond the standard library.
 */
export const pythonGuard = String.raw`
import sys, os, resource, signal
seconds, megabytes = int(sys.argv[1]), int(sys.argv[2])
program = sys.stdin.buffer.read().decode("utf-8", "replace")
for limit, value in (
    (resource.RLIMIT_CPU, seconds),
    (resource.RLIMIT_AS, megabytes * 1024 * 1024),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 32),
    (resource.RLIMIT_NPROC, 0),
):
    resource.setrlimit(limit, (value, value))
# Where nobody is left to end it. The one who started it does so earlier.
signal.alarm(seconds + 5)
try:
    import ctypes
    ctypes.CDLL(None, use_errno=True).unshare(0x40000000)
    for name in [name for name in sys.modules if name.split(".")[0] in ("ctypes", "_ctypes")]:
        del sys.modules[name]
except Exception:
    pass
if hasattr(os, "setgroups") and os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
refused = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "pty.",
    "ctypes.", "os.kill", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.putenv", "shutil.", "signal.pthread_kill", "syslog.", "webbrowser.", "urllib.", "ftplib.",
    "http.client.", "smtplib.", "sqlite3.", "mmap.", "resource.", "sys.setprofile", "sys.settrace", "gc.get_objects", "gc.get_referrers",
)
modules = {"ctypes", "_ctypes", "_posixsubprocess", "multiprocessing", "resource", "_socket", "socket"}
def hook(event, arguments, refused=refused, modules=modules, PermissionError=PermissionError):
    if event.startswith(refused):
        raise PermissionError("not allowed here: " + event)
    if event == "import" and str(arguments[0]).split(".")[0] in modules:
        raise PermissionError("not allowed here: import " + str(arguments[0]))
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        if (isinstance(mode, str) and any(letter in mode for letter in "wax+")) or (isinstance(flags, int) and flags & 3):
            raise PermissionError("not allowed here: writing files")
for name in ("resource", "ctypes", "_ctypes", "_posixsubprocess"):
    sys.modules.pop(name, None)
sys.argv = ["program"]
code = compile(program, "program", "exec")
sys.addaudithook(hook)
exec(code, {"__name__": "__main__"})
`;
