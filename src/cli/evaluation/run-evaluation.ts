import { CheckFailedError } from "#cli/check-failed-error.ts";
import { EvaluationProgressLines } from "#cli/evaluation/progress-lines.ts";
import type { Output } from "#cli/output.ts";
import { runEvaluation } from "#composition/evaluation-run.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Environment } from "#environment/environment.ts";
import { readEvaluation, type CarriedEnd, type Evaluation } from "#features/evaluations/index.ts";

/** How an evaluation is run. */
export interface RunFlags {
  readonly file: string;
  /** Its folder; one of its name and the time where nothing is said. */
  readonly out?: string;
  /** Goes on with the run of that folder. */
  readonly resume?: string;
  /** What of it is done again. */
  readonly retry?: "errors";
  readonly concurrency?: number;
  readonly budget?: number;
}

/**
 * `signalbox eval run`.
 * @throws AppError; CheckFailedError when it ended before all was done
 */
export async function runEvaluationCommand(
  environment: Environment,
  flags: RunFlags,
  output: Output,
): Promise<void> {
  assertRetries(flags);
  const evaluation = bounded(await readEvaluation(flags.file), flags);
  const folder = flags.resume ?? flags.out ?? usualFolder(evaluation);
  const lines = new EvaluationProgressLines((line) => output.note(line));
  let failed = 0;
  const end = await interruptible((signals) =>
    runEvaluation(
      {
        evaluation,
        folder,
        environment,
        onProgress: (progress) => {
          failed = progress.failed;
          lines.show(progress);
        },
        ...(flags.resume !== undefined && { resume: { retriesErrors: flags.retry === "errors" } }),
      },
      signals,
    ),
  );
  output.result({
    json: endView(folder, end),
    lines: [
      ...endLines(folder, end),
      ...(failed > 0
        ? [`${failed} without an answer: ask again with --resume ${folder} --retry errors`]
        : []),
      `What it came to: signalbox eval report ${folder}`,
    ],
  });
  if (end.stopped) throw new CheckFailedError();
}

/** @throws AppError invalid-request where there is nothing to retry */
export function assertRetries({ retry, resume }: Pick<RunFlags, "retry" | "resume">): void {
  if (retry === undefined || resume !== undefined) return;
  throw new AppError("invalid-request", "Cannot retry errors: --resume <folder> is wanted beside --retry");
}

function bounded(evaluation: Evaluation, { concurrency, budget }: RunFlags): Evaluation {
  return {
    ...evaluation,
    ...(concurrency !== undefined && { concurrency }),
    ...(budget !== undefined && { budgetUsd: budget }),
  };
}

/** `evaluations/gsm8k-2026-11-27T20-15-00`, in the working directory. */
export function usualFolder({ name }: Pick<Evaluation, "name">): string {
  return `evaluations/${name}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`;
}

/** The first SIGINT lets what is under way come to its end, the second breaks it off. */
export async function interruptible<Value>(
  job: (signals: { readonly stop: AbortSignal; readonly abort: AbortSignal }) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const abort = new AbortController();
  const interrupt = () => (stop.signal.aborted ? abort : stop).abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await job({ stop: stop.signal, abort: abort.signal });
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** How a run ended, as JSON. */
export function endView(folder: string, { done, skipped, stopped, lostBefore }: CarriedEnd): object {
  return { folder, done, done_before: skipped, lost_before: lostBefore, stopped: stopped ?? null };
}

/** How a run ended, in words. */
export function endLines(
  folder: string,
  { done, skipped, stopped, lostBefore }: CarriedEnd,
): readonly string[] {
  return [
    `${done} done${skipped > 0 ? `, ${skipped} were done before` : ""}; kept in ${folder}`,
    ...(lostBefore > 0
      ? [`${lostBefore} had begun before and their answers were lost: at most ${lostBefore} were paid twice`]
      : []),
    ...(stopped ? [`Stopped: ${stopText(stopped)}. Go on with --resume ${folder}`] : []),
  ];
}

function stopText(stopped: NonNullable<CarriedEnd["stopped"]>): string {
  switch (stopped.kind) {
    case "interrupted":
      return "it was interrupted";
    case "budget":
      return `the budget is spent (${stopped.spentUsd.toFixed(4)} US dollars)`;
    case "unpriced":
      return "it has a budget, and an answer does not tell what it cost";
    case "systemic":
      return `the last ${stopped.failures} of ${stopped.target} failed, the last one with ${stopped.code}: ${stopped.message}`;
  }
}
