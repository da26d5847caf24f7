import { describe, expect, test } from "vitest";
import { javascriptSandbox } from "./javascript-sandbox.ts";
import { pythonSandbox } from "./python-sandbox.ts";

const signal = new AbortController().signal;
const limits = { timeoutMs: 1_000, memoryMb: 128 };

const python = (program: string) => pythonSandbox().run(program, limits, signal);
const javascript = (program: string, timeoutMs = limits.timeoutMs) =>
  javascriptSandbox.run(program, { ...limits, timeoutMs }, signal);

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
  ])("that %s are refused", async (_what, program) => {
    expect(await python(program)).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(/not allowed/),
    });
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
    expect(await pythonSandbox("no-such-python").run("pass", limits, signal)).toMatchObject({
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

  test("have the language and nothing else", async () => {
    const names = ["process", "require", "fetch", "setTimeout", "Deno", "std", "os", "console"];
    const program = `for (const name of ${JSON.stringify(names)}) if (typeof globalThis[name] !== "undefined") throw new Error(name)`;
    expect(await javascript(program)).toEqual({ kind: "passed" });
    expect(await javascript('import("fs")')).not.toMatchObject({ kind: "unavailable" });
  });
});
