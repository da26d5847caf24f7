/**
 * What python3 runs before a program, twice. First it gives up its rights and, where the system allows it, the network, and begins
 * anew: so nothing of ctypes, which that takes, is left in the process. Then it sets limits, and a hook on Python's audit events
 * (PEP 578), which no program can take back. The hook refuses what starts processes, opens sockets, writes files, or reads others
 * than those of Python's library.
 *
 * A program that ends early must not count as one that passed, by whatever it ends: only what is read here from its beginning to its
 * end, tests included, has the word written that says so. Programs can look into every name of every frame below them, so the word,
 * the hook and the tests have no names while a program runs: they are operands of the last expression.
 */
export const pythonGuard = String.raw`
import sys, os
def give_up_rights():
    # Without PATH Python may not know where it is, and without rights it cannot ask.
    python = sys.executable or os.readlink("/proc/self/exe")
    try:
        import ctypes
        ctypes.CDLL(None, use_errno=True).unshare(0x40000000)
    except Exception:
        pass
    if hasattr(os, "setgroups") and os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    os.execv(python, [python, *sys.orig_argv[1:-1], "begin"])
def prepare():
    import _imp, resource, signal
    seconds, megabytes, fd = (int(word) for word in sys.argv[1:4])
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
    with open(0, "rb", closefd=False) as file:
        word, length = file.readline().split()
        texts = [file.read(int(length)), file.read()]
    os.write(fd, b"begun")
    refused = (
        "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "pty.",
        "ctypes.", "os.kill", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate",
        "os.chmod", "os.chown", "os.putenv", "shutil.", "signal.pthread_kill", "syslog.", "webbrowser.", "urllib.", "ftplib.",
        "http.client.", "smtplib.", "sqlite3.", "mmap.", "resource.", "sys.setprofile", "sys.settrace", "gc.get_",
        "sys._current_", "sys.remote_exec", "cpython.PyInterpreterState", "cpython._PySys_ClearAuditHooks",
    )
    # Beside what the audit events cover: interpreters of their own have no hook, and these read files by native code.
    modules = frozenset((
        "ctypes", "_ctypes", "_posixsubprocess", "multiprocessing", "_multiprocessing", "resource", "_socket", "socket",
        "_interpreters", "_interpchannels", "_interpqueues", "_posixshmem", "_remote_debugging",
        "readline", "sqlite3", "_sqlite3", "dbm", "_dbm", "_gdbm", "_tkinter", "spwd", "nis",
    ))
    roots = (*(path.rstrip("/") + "/" for path in sys.path), "/usr/share/zoneinfo/", "/dev/null/", "/dev/urandom/")
    # Nothing here is looked up by name while programs run: they could have put something else there.
    def hook(
        event, arguments, refused=refused, modules=modules, roots=roots, writing=3 | os.O_CREAT, type=type, int=int, str=str,
        isinstance=isinstance, PermissionError=PermissionError, ImportError=ImportError,
    ):
        if event.startswith(refused):
            raise PermissionError("not allowed here: " + event)
        if event == "import":
            for part in arguments[0].split("."):
                if part in modules or part.startswith(("_test", "_xx")):
                    raise ImportError("not allowed here: import " + part)
        if event in ("open", "os.listdir", "os.scandir"):
            path = arguments[0]
            if event == "open":
                mode, flags = arguments[1], arguments[2]
                if isinstance(mode, str):
                    for letter in "wax+":
                        if letter in mode:
                            raise PermissionError("not allowed here: writing files")
                if isinstance(flags, int) and flags & writing:
                    raise PermissionError("not allowed here: writing files")
            if type(path) is int:
                return
            if type(path) is not str or "/../" in path + "/" or not (path + "/").startswith(roots):
                raise PermissionError("not allowed here: reading files")
    for name in sys.builtin_module_names:
        if name not in modules and not name.startswith(("_test", "_xx", "xx")):
            __import__(name)
    # No audit event tells of modules that are built in: all that programs may have are there now, and no other can be made.
    del _imp.create_builtin
    for name in modules:
        sys.modules.pop(name, None)
    sys.argv = ["program"]
    main = type(sys)("__main__")
    sys.modules["__main__"] = main
    names = ("<program>", "<tests>")
    codes = [compile(text.decode("utf-8", "replace"), name, "exec") for text, name in zip(texts, names)]
    say = lambda word, done, write=os.write, fd=fd: write(fd, word)
    sys.addaudithook(hook)
    return [[main.__dict__] * 2, codes, exec, word, say]
if sys.argv[-1] == "begin":
    parts = prepare()
    parts.pop()(parts.pop(), list(map(parts.pop(), parts.pop(), parts.pop())))
else:
    give_up_rights()
`;
