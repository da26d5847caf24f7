import { parseArgs } from "node:util";
import { agreementMax, comparedFigures, type ComparedFigure } from "./guidellm/compared-figures.ts";
import { measureByGuidellm, measureByOurs } from "./guidellm/measure.ts";
import { withPrompts } from "./guidellm/prompts.ts";
import { startEmulatorInWorker } from "../emulator/start-in-worker.ts";

/**
 * `npm run bench:guidellm -- --python <one with guidellm>` measures the emulator by GuideLLM and by `signalbox bench`, with the
 * same prompts at the same rate, and prints how far their figures are apart. Exit code 0: within 5 %, 1: further, 3: this Python has
 * no GuideLLM, or a run failed.
 */

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    requests: { type: "string", default: "60" },
    rate: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const [requests, rate] = [Number(values.requests), Number(values.rate)];

try {
  const figures = await withPrompts(requests, async (folder, prompts) => {
    // Each gets an emulator of its own that begins anew: the same prompts then have the same answers, in the same times.
    const measured = { folder, prompts, requests, rate };
    const theirs = await onEmulator((url) => measureByGuidellm({ ...measured, url, python: values.python }));
    const ours = await onEmulator((url) => measureByOurs({ ...measured, url }));
    return comparedFigures(theirs, ours);
  });
  const agrees = figures.every((figure) => Math.abs(figure.difference) <= agreementMax);
  process.stdout.write(values.json ? `${JSON.stringify({ agrees, figures })}\n` : report(figures));
  process.exitCode = agrees ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}

async function onEmulator<Value>(work: (url: string) => Promise<Value>): Promise<Value> {
  await using emulator = await startEmulatorInWorker({ latency: "realistic" });
  return await work(emulator.url);
}

function report(figures: readonly ComparedFigure[]): string {
  const rows = figures.map(
    ({ name, guidellm, signalbox, difference }) =>
      `${name}: GuideLLM ${guidellm.toPrecision(5)}, signalbox bench ${signalbox.toPrecision(5)}, ${(100 * difference).toFixed(2)} % apart`,
  );
  return [...rows, ""].join("\n");
}
