import { describe, expect, test } from "vitest";
import { javascriptSandbox } from "./javascript-sandbox.ts";
import { pythonSandbox } from "./python-sandbox.ts";

const signal = new AbortController().signal;
const limits = { timeoutMs: 1_000, memoryMb: 128 };

const python = (program: string, tests = "") => pythonSandbox().run({ program, tests }, limits, signal);
const javascript = (program: string, timeoutMs = limits.timeoutMs, tests = "") =>
  javascriptSandbox.run({ program, tests }, { ...limits, timeoutMs }, signal);

describe("Python programs", { timeout: 60_000 }, () => {
  test("pass and fail by their own tests, and may use the standard library", async () => {
    expect(
      await python("import math, collections, re, itertools, heapq\nassert math.gcd(12, 18) == 6"),
    ).toEqual({
      kind: "passed",
    });
    expect(await python("assert 1 == 2, 'one is not two'")).toEqual({
      kind: "failed",
      message: "AssertionError: one is not two",
    });
    expect(await python("def broken(:")).toMatchObject({ kind: "failed" });
  });

  test("that loop are ended", async () => {
    expect(await python("while True: pass")).toEqual({ kind: "timed-out" });
  });

  test("that sleep are ended", async () => {
    expect(await python("import time\ntime.sleep(60)")).toEqual({ kind: "timed-out" });
  });

  test("that allocate without end are ended", async () => {
    expect(await python("x = []\nwhile True: x.append(bytearray(10_000_000))")).toEqual({
      kind: "out-of-memory",
    });
  });

  test.each([
    ["start processes", "import os\nos.fork()"],
    ["start programs", "import subprocess\nsubprocess.run(['id'])"],
    ["run a shell", "import os\nos.system('id')"],
    ["open sockets", "import socket\nsocket.socket()"],
    ["open sockets by the module underneath", "import _socket\n_socket.socket()"],
    ["write files", "open('/tmp/signalbox-sandbox', 'w')"],
    [
      "write files by the system's own call",
      "import os\nos.open('/tmp/signalbox-sandbox', os.O_WRONLY | os.O_CREAT)",
    ],
    ["load native code", "import ctypes\nctypes.CDLL(None)"],
    ["delete files", "import os\nos.remove('/tmp/x')"],
    ["raise their limits", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (9, 9))"],
    ["end others", "import os\nos.kill(1, 9)"],
    ["read files", "open('/etc/hostname').read()"],
    [
      "read files by way of a folder they may read",
      "import os\nopen(os.__file__ + '/../../../../etc/hostname')",
    ],
    ["read files by a path that says another", "class Path(str): pass\nimport os\nopen(Path(os.__file__))"],
    ["make files by reading them", "import os\nos.open(os.__file__ + '.x', os.O_RDONLY | os.O_CREAT)"],
    ["list folders", "import os\nos.listdir('/tmp')"],
    ["look into their own process", "open('/proc/self/environ', 'rb').read()"],
    ["look for what has no name", "import gc\ngc.get_objects()"],
    ["read by the line editor", "import readline"],
    ["start interpreters without a hook", "import importlib\nimportlib.import_module('_testcapi')"],
    [
      "load native modules under another name",
      "import importlib.machinery as m, os\npath = os.path.dirname(os.__file__) + '/lib-dynload/x.so'\nm.ExtensionFileLoader('a._testcapi', path).create_module(m.ModuleSpec('a._testcapi', None, origin=path))",
    ],
    [
      "put other functions in the place of Python's",
      "import builtins\nbuiltins.isinstance = builtins.type = lambda *_: False\nopen('/tmp/signalbox-sandbox', 'w')",
    ],
  ])("that %s are refused", async (_what, program) => {
    expect(await python(program)).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(/not allowed/),
    });
  });

  const failing = "assert twice(2) == 4";
  test.each([
    ["leave by exit", "import sys\nsys.exit(0)"],
    ["leave by the system's own exit", "import os\nos._exit(0)"],
    ["leave when they are called", "import os\ndef twice(x): os._exit(0)"],
    ["leave when they fail", "import atexit, os\natexit.register(os._exit, 0)\ndef twice(x): return 5"],
    ["say that they pass", "import os\nprint('passed')\nos.write(3, b'begun')\nos._exit(0)"],
    ["leave a quote open", "def twice(x): return 5\n'''"],
    [
      "put nothing in the place of what runs tests",
      "import builtins\nbuiltins.exec = builtins.list = builtins.map = lambda *_: None\ndef twice(x): return 5",
    ],
    [
      "look for the word among the names below them",
      [
        "import sys, os",
        "frame = sys._getframe()",
        "while frame:",
        "    for names in (frame.f_locals, frame.f_globals):",
        "        for value in list(names.values()):",
        "            for part in value if isinstance(value, list) else [value]:",
        "                if isinstance(part, bytes) and len(part) == 32: os.write(3, part); os._exit(0)",
        "    frame = frame.f_back",
        "def twice(x): return 5",
      ].join("\n"),
    ],
  ])("that %s do not pass", async (_what, program) => {
    expect(await python(program, failing)).toMatchObject({ kind: "failed" });
  });

  test("that end before their tests do are told so", async () => {
    expect(await python("import sys\nsys.exit(0)", failing)).toEqual({
      kind: "failed",
      message: "It ended before its tests did",
    });
  });

  test("have the library: data classes, named tuples, unit tests, pickles", async () => {
    const program = [
      "from __future__ import annotations",
      "import dataclasses, collections, typing, unittest, pickle, json, random, datetime, zoneinfo, decimal, functools",
      "@dataclasses.dataclass(order=True)",
      "class Point:",
      "    x: typing.ClassVar[int] = 1",
      "    y: int = 2",
      "Pair = collections.namedtuple('Pair', 'a b', defaults=[1])",
    ].join("\n");
    const tests = [
      "assert pickle.loads(pickle.dumps(Point())) == Point()",
      "assert Pair(2) == (2, 1)",
      "class PointTest(unittest.TestCase):",
      "    def test_y(self): self.assertEqual(Point(3).y, 3)",
      "unittest.main(exit=False, argv=['tests'])",
    ].join("\n");
    expect(await python(program, tests)).toEqual({ kind: "passed" });
  });

  test("see neither the environment nor the files of their user", async () => {
    const program = [
      "import os",
      "assert not [name for name in os.environ if 'KEY' in name or name == 'PATH' or name == 'HOME'], os.environ",
      "assert os.getuid() != 0",
    ].join("\n");
    expect(await python(program)).toEqual({ kind: "passed" });
  });

  test("without python3 nothing is scored, and that is said", async () => {
    expect(
      await pythonSandbox("no-such-python").run({ program: "pass", tests: "" }, limits, signal),
    ).toMatchObject({
      kind: "unavailable",
    });
  });
});

describe("JavaScript programs", { timeout: 60_000 }, () => {
  test("pass and fail by their own tests", async () => {
    expect(await javascript("if (Math.max(1, 2) !== 2) throw new Error('wrong')")).toEqual({
      kind: "passed",
    });
    expect(await javascript("throw new TypeError('wrong')")).toEqual({
      kind: "failed",
      message: "TypeError: wrong",
    });
    expect(await javascript("function (")).toMatchObject({ kind: "failed" });
  });

  test("that loop are ended", async () => {
    expect(await javascript("for (;;) {}")).toEqual({ kind: "timed-out" });
  });

  test("that allocate or call themselves without end are ended", async () => {
    expect(await javascript("const x = []; for (;;) x.push(new ArrayBuffer(1e7))", 30_000)).toEqual({
      kind: "out-of-memory",
    });
    expect(await javascript("(function f() { f(); })()")).toMatchObject({ kind: "failed" });
  });

  test.each([
    ["leave a comment open", "function twice() { return 5; } /*"],
    ["take the tests for the body of a function", "function twice() { return 5; }\nconst never = () =>"],
    [
      "compare by functions of their own",
      "JSON.stringify = () => ''; Object.is = () => true; function twice() { return 5; }",
    ],
    [
      "put others in the place of what compares",
      "globalThis.JSON = { stringify: () => '' }; function twice() { return 5; }",
    ],
  ])("that %s do not pass", async (_what, program) => {
    const tests = 'if (JSON.stringify(twice(2)) !== JSON.stringify(4)) throw new Error("wrong"); /* */';
    expect(await javascript(program, 1_000, tests)).toMatchObject({ kind: "failed" });
  });

  test("pass and fail by tests that end with a promise", async () => {
    const check =
      "async function check(f) { if ((await f(2)) !== 4) throw new Error('wrong'); } check(twice)";
    expect(await javascript("async function twice(x) { return 2 * x; }", 1_000, check)).toEqual({
      kind: "passed",
    });
    expect(await javascript("async function twice(x) { return x; }", 1_000, check)).toEqual({
      kind: "failed",
      message: "Error: wrong",
    });
    const never = "function twice() { return new Promise(() => undefined); }";
    expect(await javascript(never, 1_000, check)).toEqual({
      kind: "failed",
      message: "It ended before its tests did",
    });
  });

  test("may add to what the language has", async () => {
    const program =
      "'use strict'; Array.prototype.last = function () { return this.at(-1); }; Math.twice = (x) => 2 * x;";
    const tests = "if ([1, 2].last() !== Math.twice(1)) throw new Error()";
    expect(await javascript(program, 1_000, tests)).toEqual({ kind: "passed" });
  });

  test("have the language and nothing else", async () => {
    const names = ["process", "require", "fetch", "setTimeout", "Deno", "std", "os", "console"];
    const program = `for (const name of ${JSON.stringify(names)}) if (typeof globalThis[name] !== "undefined") throw new Error(name)`;
    expect(await javascript(program)).toEqual({ kind: "passed" });
    expect(await javascript('import("fs")')).not.toMatchObject({ kind: "unavailable" });
  });
});
