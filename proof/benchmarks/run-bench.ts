import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const script = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

const figures = z.object({ mean: z.number(), p50: z.number(), p99: z.number() });

const report = z.object({
  valid: z.boolean(),
  invalid: z.array(z.string()),
  load_generator: z.tuple([
    z.object({ cpu_share: z.number(), memory_bytes_max: z.number(), event_loop_delay_ms_p99: z.number() }),
  ]),
  targets: z.tuple([
    z.object({
      runs: z.tuple([
        z.object({
          requests: z.object({ answered: z.int(), failed: z.int() }),
          requests_per_s: z.number(),
          metrics: z.object({ schedule_lag_ms: figures, e2e_ms: figures, itl_ms: figures }),
        }),
      ]),
    }),
  ]),
});

/** What `signalbox bench` said of one target in one run. */
export interface BenchSaid {
  readonly code: number | null;
  readonly report: z.output<typeof report>;
}

/**
 * Runs `signalbox bench` in a process of its own, as a shell would.
 * @param meanwhile what is done to that process while it runs
 * @throws Error where it says no report
 */
export async function runBench(
  words: readonly string[],
  meanwhile: (child: ChildProcess) => Disposable = () => ({ [Symbol.dispose]: () => undefined }),
): Promise<BenchSaid> {
  const child = spawn(process.execPath, [script, "bench", ...words, "--json"], {
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  using _ = meanwhile(child);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  const [out, complaint] = await said;
  const read = report.safeParse(out === "" ? undefined : JSON.parse(out));
  if (read.success) return { code: typeof code === "number" ? code : null, report: read.data };
  throw new Error(`Cannot benchmark: a report is wanted, it ended with ${String(code)}\n${complaint}`);
}
