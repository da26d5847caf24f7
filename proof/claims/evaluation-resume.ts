import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { WorkerEmulator } from "#emulator/start-in-worker.ts";
import type { Claim } from "../claim.ts";
import { EvaluationProcess, recordsOf } from "../evaluations/evaluation-process.ts";
import {
  gsm8kConfiguration,
  gsm8kEvaluation,
  gsm8kKeys,
  gsm8kQuestions,
  gsm8kSkills,
  gsm8kTargets,
} from "../evaluations/gsm8k-run.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";

/** Calls under way at once. */
const concurrency = 32;
/** What asking and keeping an item may take of the wall clock beyond the models' own time, ms. */
const overheadMsMax = 1;

/** Runs GSM8K through the gateway, once in one piece and once with kill -9 in the middle. */
export const claim: Claim = {
  id: "evaluation-resume",
  title:
    "An evaluation costs next to nothing beside the models' time, and one killed with -9 goes on to the same numbers",
  wanted: `at most ${overheadMsMax} ms an item beyond the upstream; the same numbers after the kill; at most ${concurrency} paid twice, told, and equal to the emulator's ledger`,
  async run({ short }) {
    const questions = (await gsm8kQuestions()).slice(0, short ? 60 : undefined);
    await using signalbox = await startProofSignalbox({
      latency: "realistic",
      answerKeys: gsm8kKeys(questions),
      configuration: () => gsm8kConfiguration,
    });
    const folder = await mkdtemp(join(tmpdir(), "signalbox-evaluation-"));
    try {
      const file = join(folder, "gsm8k.json");
      await writeFile(file, JSON.stringify(gsm8kEvaluation({ limit: questions.length, concurrency })));
      const whole = await wholeRun(signalbox, file, join(folder, "whole"));
      const broken = await brokenRun(signalbox, file, join(folder, "broken"), whole.records.length / 2);
      return judged({ whole, broken, short });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

interface World {
  readonly url: string;
  readonly emulator: WorkerEmulator;
}

interface WholeRun {
  readonly records: readonly EvaluationRecord[];
  readonly overheadMs: number;
  readonly wallMs: number;
  readonly gatewayMs: number;
}

async function wholeRun({ url, emulator }: World, file: string, folder: string): Promise<WholeRun> {
  const report = await new EvaluationProcess(url, file, "--out", folder).report();
  const records = await recordsOf(join(folder, "records.jsonl"));
  const ledger = await emulator.ledger();
  await emulator.clearLedger();
  if (report.done !== records.length || ledger.length !== records.length)
    throw new Error(`${report.done} done, ${records.length} records, ${ledger.length} in the ledger`);
  const upstreamMs = ledger.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const begins = Math.min(...ledger.map(({ timeMs }) => timeMs));
  const wallMs = Math.max(...records.map(({ atMs }) => atMs)) - begins;
  const gateways = records.map(({ outcome }) => (outcome.kind === "answered" ? (outcome.gatewayMs ?? 0) : 0));
  return {
    records,
    wallMs,
    overheadMs: (wallMs - upstreamMs / concurrency) / records.length,
    gatewayMs: gateways.reduce((sum, ms) => sum + ms, 0) / gateways.length,
  };
}

interface BrokenRun {
  readonly records: readonly EvaluationRecord[];
  readonly lost: number;
  readonly calls: number;
}

async function brokenRun(
  { url, emulator }: World,
  file: string,
  folder: string,
  half: number,
): Promise<BrokenRun> {
  await mkdir(folder);
  await new EvaluationProcess(url, file, "--out", folder).killAfter(half, folder);
  const report = await new EvaluationProcess(url, file, "--resume", folder).report();
  const ledger = await emulator.ledger();
  return {
    records: await recordsOf(join(folder, "records.jsonl")),
    lost: report.lost_before,
    calls: ledger.length,
  };
}

function judged({
  whole,
  broken,
  short,
}: {
  readonly whole: WholeRun;
  readonly broken: BrokenRun;
  readonly short: boolean;
}) {
  const [first, second] = [accuracies(whole.records), accuracies(broken.records)];
  const isSame = gsm8kTargets.every((name) => first[name] === second[name]);
  const twice = broken.calls - broken.records.length;
  const isCounted = twice === broken.lost && broken.lost <= concurrency;
  // With few items the beginning and the end, when not all slots are used, are most of the time.
  const isQuick = short || whole.overheadMs <= overheadMsMax;
  return {
    ok: isSame && isCounted && isQuick && broken.records.length === whole.records.length,
    figure: `${whole.overheadMs.toFixed(2)} ms an item over ${whole.records.length} items; after kill -9 ${isSame ? "the same" : "other"} numbers, ${broken.lost} told as lost, ${twice} paid twice by the ledger`,
    ...(short && { judgedBy: "the numbers and the ledger alone: the time is measured on all items" }),
    details: [
      `${gsm8kTargets.map((name) => `${name} ${percent(first[name])} (skill ${percent(gsm8kSkills[name].skill)})`).join(", ")}; ${(whole.wallMs / 1_000).toFixed(0)} s at ${concurrency} at once; inside the gateway ${whole.gatewayMs.toFixed(2)} ms a request`,
      "beyond the upstream: the wall clock less the emulator's own time divided by the calls at once, over the items",
    ],
  };
}

type Accuracies = Readonly<Record<(typeof gsm8kTargets)[number], number>>;

function accuracies(records: readonly EvaluationRecord[]): Accuracies {
  const of = (target: string) => {
    const own = records.filter((record) => record.target === target);
    const right = own.filter(({ scores }) => {
      const score = scores["right"];
      return score?.kind === "scored" && score.passed === true;
    });
    return right.length / own.length;
  };
  return { flash: of("flash"), lite: of("lite"), pro: of("pro") };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
