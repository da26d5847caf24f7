import type { Latency } from "#emulator/start-emulator.ts";
import type { QuotaTier } from "#emulator/quota.ts";
import { readAnswerKeys } from "#cli/answer-keys.ts";
import { untilStopped } from "#cli/until-stopped.ts";
import type { Output } from "#cli/output.ts";

/** Settings of `signalbox emulator`. */
export interface EmulatorCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly seed: string;
  readonly latency: Extract<Latency, string>;
  readonly quota?: QuotaTier;
  /** Path of a file with what models know. */
  readonly answerKeys?: string;
}

/** Runs the emulator until it is told to stop. */
export async function runEmulator(
  { answerKeys, ...options }: EmulatorCommandOptions,
  output: Output,
): Promise<void> {
  const known = answerKeys === undefined ? undefined : await readAnswerKeys(answerKeys);
  // Only here: the other commands have no use for its memory.
  const { startEmulator } = await import("#emulator/start-emulator.ts");
  await using emulator = await startEmulator({ ...options, ...(known && { answerKeys: known }) });
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
