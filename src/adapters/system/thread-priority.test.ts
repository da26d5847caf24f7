import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { expect, test } from "vitest";
import { backgroundNice } from "./thread-priority.ts";

const inWorker = `
  const { parentPort } = require("node:worker_threads");
  const { readlinkSync } = require("node:fs");
  const { getPriority } = require("node:os");
  import(${JSON.stringify(new URL("thread-priority.ts", import.meta.url).href)}).then(({ yieldToOthers }) => {
    const yields = yieldToOthers();
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    parentPort.postMessage({ yields, nice: getPriority(thread) });
  });
`;

test.runIf(process.platform === "linux")(
  "a thread goes behind the others, and takes none with it",
  async () => {
    const before = getPriority();
    const worker = new Worker(inWorker, { eval: true });
    const [told] = (await once(worker, "message")) as [{ yields: boolean; nice: number }];
    await worker.terminate();
    expect(told).toEqual({ yields: true, nice: backgroundNice });
    expect(getPriority()).toBe(before);
  },
);
