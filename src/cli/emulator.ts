import type { Latency } from "#emulator/start-emulator.ts";
import type { QuotaTier } from "#emulator/quota.ts";
import { untilStopped } from "#cli/until-stopped.ts";
import type { Output } from "#cli/output.ts";

/** Settings of `signalbox emulator`. */
export interface EmulatorCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly seed: string;
  readonly latency: Extract<Latency, string>;
  readonly quota?: QuotaTier;
}

/** Runs the emulator until it is told to stop. */
export async function runEmulator(options: EmulatorCommandOptions, output: Output): Promise<void> {
  // Only here: the other commands have no use for its memory.
  const { startEmulator } = await import("#emulator/start-emulator.ts");
  await using emulator = await startEmulator(options);
  output.result({
    json: { url: emulator.url },
    lines: [
      `Emulated Gemini API      ${emulator.url}/v1beta`,
      `OpenAI-compatible face   ${emulator.url}/v1`,
      `Faults and ledger        ${emulator.url}/emulator/faults, ${emulator.url}/emulator/ledger`,
    ],
  });
  await untilStopped();
}
