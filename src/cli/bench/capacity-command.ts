import { Option, type Command } from "commander";
import type { CommandKit } from "#cli/deployment-commands.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { durationMs } from "#core/kernel/duration.ts";
import { present } from "#core/kernel/present.ts";
import { share } from "#core/kernel/share.ts";
import { capacityPlan, type TraceFormat } from "#features/benchmarks/index.ts";

interface CapacityFlags {
  readonly trace: string;
  readonly format?: TraceFormat;
  readonly bears: string;
  readonly window: string;
  readonly headroom: string;
  readonly speed: string;
  readonly json?: boolean;
}

/** `signalbox bench capacity`: how many deployments, and which quota, a trace needs. */
export function capacityCommand({ command, outputOf }: CommandKit): Command {
  return command("capacity", "How many deployments, and which quota, the requests of a trace need")
    .requiredOption("--trace <file>", "when requests came and how large they were")
    .addOption(
      new Option("--format <name>", "of the trace; by its first line").choices([
        "azure",
        "mooncake",
        "log",
        "csv",
      ]),
    )
    .requiredOption("--bears <rate>", "requests per second that one deployment bears, as a sweep finds it")
    .option("--window <time>", "bursts that last as long are to be borne", "60s")
    .option("--headroom <share>", "of each deployment that is left free", "20%")
    .option("--speed <number>", "how many times more load there is to be", "1")
    .action(async ({ json, ...flags }: CapacityFlags) => {
      const plan = await capacityPlan({
        file: flags.trace,
        ...present({ format: flags.format }),
        borneRatePerS: positive("bears", Number(flags.bears)),
        windowMs: positive("window", durationMs(flags.window)),
        headroom: shareOf(flags.headroom),
        speed: positive("speed", Number(flags.speed)),
      });
      outputOf(present({ json })).result({
        json: plan,
        lines: [
          `${plan.requests} requests, ${plan.rate_per_s}/s in the mean`,
          `The busiest ${flags.window}: ${plan.peak_rate_per_s} requests/s, ${plan.peak_input_tokens_per_minute} tokens in and ${plan.peak_output_tokens_per_minute} out per minute`,
          `${plan.deployments} deployments are needed, each of which bears ${flags.bears} requests/s, ${flags.headroom} of it left free`,
        ],
      });
    });
}

function positive(flag: string, value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value) && value > 0) return value;
  throw new AppError("invalid-request", `Cannot plan capacity: --${flag} above 0 is wanted`);
}

function shareOf(text: string): number {
  const read = share.safeParse(text);
  if (read.success && read.data < 1) return read.data;
  throw new AppError("invalid-request", "Cannot plan capacity: --headroom below 100% is wanted, as 20%");
}
