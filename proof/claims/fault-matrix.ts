import { readMatrix } from "../../bench/faults/cell.ts";
import type { JudgedCell } from "../../bench/faults/judge.ts";
import { runMatrix } from "../../bench/faults/run-matrix.ts";
import { cellDeadlines, signalboxConfiguration } from "../../bench/faults/signalbox-configuration.ts";
import { isAsWanted, summaryLine, summaryOf } from "../../bench/faults/summary.ts";
import { problemLine } from "../../bench/faults/text-report.ts";
import { startFaultyUpstream } from "../../bench/faults/upstream/faulty-upstream.ts";
import { wireNames, type WireName } from "../../bench/faults/upstream/wire.ts";
import { wiringOf } from "../../bench/faults/wiring.ts";
import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";

/** Each cell has a model of its own: what the gateway remembers of one must not decide another. */
const model = "faults.{cell}";
const concurrency = 6;

/** Every fault against Signalbox; what is wanted of each cell stands in test/vectors/faults/matrix.json. */
export const claim: Claim = {
  id: "fault-matrix",
  title: "A failing deployment is felt by nobody while another can answer, and no end is a lie",
  wanted:
    "every recoverable cell answered, every other with a typed end; 0 fake clean ends, 0 hangs past the deadline",
  async run({ short }) {
    const wires: readonly WireName[] = short ? ["openai"] : wireNames;
    const judged: JudgedCell[] = [];
    const details: string[] = [];
    for (const wire of wires) {
      const cells = await runWire(wire);
      judged.push(...cells);
      details.push(
        `providers that speak ${wire}: ${summaryLine(summaryOf(cells))}`,
        ...cells.filter(({ problems }) => problems.length > 0).map((one) => `${wire} ${problemLine(one)}`),
      );
    }
    const summary = summaryOf(judged);
    return { ok: isAsWanted(summary), figure: summaryLine(summary), details };
  },
};

async function runWire(wire: WireName): Promise<readonly JudgedCell[]> {
  const cells = readMatrix();
  await using upstream = await startFaultyUpstream();
  const { text, environment } = signalboxConfiguration(wiringOf(cells, { upstream, model, wire }), wire);
  await using signalbox = await startProofSignalbox({ configuration: () => text, environment });
  // Awaited here: both servers end with this function.
  return await runMatrix(cells, {
    upstream,
    gateway: { baseUrl: `${signalbox.url}/v1`, key: undefined },
    model,
    totalMs: cellDeadlines.totalMs,
    concurrency,
  });
}
