import type { LoadMessage, LoadReply } from "./load-order.ts";
import { LoadRun, type SampleRoom } from "./load-run.ts";
import { Samples } from "./samples.ts";

// A process of its own that sends requests as it is told and measures the answers: the parent measures the others.

const room: SampleRoom = { latencies: new Samples(), firstFrames: new Samples(), gaps: new Samples() };
let run: LoadRun | undefined;

process.on("message", (message: LoadMessage) => void obey(message));
reply({ kind: "listening" });

async function obey(message: LoadMessage): Promise<void> {
  try {
    if (message.kind === "order") {
      run = new LoadRun(message.order, room);
      await run.prime();
      reply({ kind: "ready" });
    } else if (run) reply({ kind: "result", result: await run.measure() });
  } catch (error) {
    reply({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}

function reply(message: LoadReply): void {
  process.send?.(message);
}
