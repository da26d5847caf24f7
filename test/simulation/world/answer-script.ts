import type { FailureKind } from "#core/llm/upstream-failure.ts";
import { answerFrames, keepAlive, wordOf, type AnswerFrames, type TokensUsed } from "./answer-frames.ts";
import { errorAnswer } from "./error-answers.ts";
import type { Fault } from "./fault.ts";
import type { DeploymentPlan } from "./scenario.ts";
import type { SeededChance } from "../../support/seeded-chance.ts";

/** One step of what a provider does. It waits first, ms. */
export type Step = { readonly waitMs: number } & (
  | { readonly say: "sent" }
  | { readonly say: "start"; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /** Bytes that show nothing. */
  | { readonly say: "nothing"; readonly text: string }
  | { readonly say: "words"; readonly text: string; readonly words: number }
  /** The finish reason, with the tokens of the answer as the provider reports them. */
  | { readonly say: "finish"; readonly text: string; readonly tokens: number }
  | { readonly say: "end" }
  | { readonly say: "fail"; readonly how: "connect" | "reset" }
);

/** What a provider does with one call. It may end in silence. */
export interface AnswerScript {
  readonly fault: Fault | undefined;
  readonly steps: readonly Step[];
  /** What the answer means, where it tells that at once. */
  readonly failure?: FailureKind;
  readonly hintMs?: number;
}

/** What a script is made for. */
export interface ScriptInput {
  readonly deployment: DeploymentPlan;
  readonly fault: Fault | undefined;
  readonly stream: boolean;
  /** Number of the call: its words name it. */
  readonly call: number;
  /** Words of the answer, or of its rest. */
  readonly words: number;
  /** The place of the first of them. */
  readonly firstPlace: number;
  /** Tokens of what the provider reads. */
  readonly promptTokens: number;
  readonly chance: SeededChance;
}

/** Frames between which a stream is spread at most. */
const framesMax = 5;
/** How often a stream without content says that it lives: longer than any deadline. */
const keepAlivesMax = 40;

/** Writes down what a provider will do with a call. */
export function answerScript(input: ScriptInput): AnswerScript {
  const refusal = input.fault && errorAnswer(input.fault, input.deployment.dialect, input.chance);
  if (refusal) {
    const { status, headers, text, failure, hintMs } = refusal;
    const steps: readonly Step[] = [
      ...connected(input),
      { waitMs: input.chance.integer(5, 200), say: "start", status, headers },
      { waitMs: 0, say: "nothing", text },
      { waitMs: 0, say: "end" },
    ];
    return { fault: input.fault, steps, failure, ...(hintMs !== undefined && { hintMs }) };
  }
  return { fault: input.fault, steps: input.stream ? streamSteps(input) : wholeSteps(input) };
}

function connected({ chance }: ScriptInput): readonly Step[] {
  return [{ waitMs: chance.integer(1, 30), say: "sent" }];
}

function began(input: ScriptInput): readonly Step[] {
  const headers = { "content-type": "text/event-stream" };
  return [...connected(input), { waitMs: input.chance.integer(5, 60), say: "start", status: 200, headers }];
}

function streamSteps(input: ScriptInput): readonly Step[] {
  const frames = answerFrames[input.deployment.dialect];
  const words = wordSteps(input, frames);
  const some = words.slice(0, input.chance.integer(1, words.length));
  switch (input.fault) {
    case "connect":
      return [{ waitMs: input.chance.integer(1, 50), say: "fail", how: "connect" }];
    case "connect-hangs":
      return [];
    case "reset-before":
      return [...began(input), { waitMs: input.chance.integer(0, 400), say: "fail", how: "reset" }];
    case "reset-after":
      return [...began(input), ...some, { waitMs: input.chance.integer(0, 400), say: "fail", how: "reset" }];
    case "stall-before":
      return [...began(input), { waitMs: 10, say: "nothing", text: frames.empty }];
    case "keep-alive":
      return [...began(input), ...silence(input, frames)];
    case "stall-after":
      return [...began(input), ...some];
    case "keep-alive-after":
      return [...began(input), ...some, ...silence(input, frames)];
    case "cut-before":
      return [...began(input), { waitMs: 10, say: "nothing", text: frames.empty }, ...ended(frames)];
    case "cut":
      return [...began(input), ...some, ...ended(frames)];
    case "error-frame": {
      const said = input.chance.happens(0.5) ? some : [];
      return [
        ...began(input),
        ...said,
        { waitMs: 10, say: "nothing", text: frames.error },
        { waitMs: 0, say: "end" },
      ];
    }
    case "blocked":
      return [
        ...began(input),
        ...(input.chance.happens(0.5) ? some : []),
        ...finished(input, frames, some.length),
      ];
    default:
      return [...began(input), ...preamble(input, frames), ...words, ...finished(input, frames, input.words)];
  }
}

/** What many providers send ahead of the first token. */
function preamble({ chance }: ScriptInput, frames: AnswerFrames): readonly Step[] {
  if (!chance.happens(0.5)) return [];
  return [{ waitMs: 5, say: "nothing", text: chance.happens(0.5) ? frames.empty : keepAlive }];
}

function wordSteps(input: ScriptInput, frames: AnswerFrames): readonly Step[] {
  const { chance, deployment, words, call, firstPlace } = input;
  const perFrame = Math.ceil(words / framesMax);
  const steps: Step[] = [];
  for (let place = 0; place < words; place += perFrame) {
    const count = Math.min(perFrame, words - place);
    const text = Array.from({ length: count }, (_, at) => wordOf(call, firstPlace + place + at)).join("");
    const waitMs = place === 0 ? firstTokenMs(input) : Math.max(1, chance.exponentialMs(deployment.frameMs));
    steps.push({ waitMs, say: "words", text: frames.content(text), words: count });
  }
  return steps;
}

function firstTokenMs({ chance, deployment, fault }: ScriptInput): number {
  const spread = deployment.isEven ? 1 : 0.5 + chance.unit();
  const usualMs = Math.round(deployment.firstTokenMs * spread);
  return fault === "slow-first-token" ? 10 * usualMs : usualMs;
}

/** Comments and empty deltas in turn, oftener than any deadline is long. */
function silence({ chance }: ScriptInput, frames: AnswerFrames): readonly Step[] {
  const everyMs = chance.integer(200, 900);
  return Array.from({ length: keepAlivesMax }, (_, at) => ({
    waitMs: everyMs,
    say: "nothing",
    text: at % 2 === 0 ? keepAlive : frames.empty,
  }));
}

function finished(input: ScriptInput, frames: AnswerFrames, words: number): readonly Step[] {
  const reason = input.fault === "blocked" ? "blocked" : "stop";
  return [
    { waitMs: 5, say: "finish", text: frames.finish(reason, tokensOf(input, words)), tokens: words },
    ...ended(frames),
  ];
}

function tokensOf({ promptTokens }: ScriptInput, words: number): TokensUsed {
  return { prompt: promptTokens, answer: words };
}

/** The end mark says nothing of how the answer ended: some providers send it behind anything. */
function ended({ endMark }: AnswerFrames): readonly Step[] {
  const mark: readonly Step[] = endMark === undefined ? [] : [{ waitMs: 0, say: "nothing", text: endMark }];
  return [...mark, { waitMs: 1, say: "end" }];
}

function wholeSteps(input: ScriptInput): readonly Step[] {
  const { chance, call, words, firstPlace, fault, deployment } = input;
  const all = Array.from({ length: words }, (_, at) => wordOf(call, firstPlace + at)).join("");
  const restMs = deployment.frameMs * Math.min(words, framesMax);
  switch (fault) {
    case "connect":
      return [{ waitMs: chance.integer(1, 50), say: "fail", how: "connect" }];
    case "connect-hangs":
      return [];
    case "reset-before":
      return [...connected(input), { waitMs: chance.integer(1, 400), say: "fail", how: "reset" }];
    case "stall-before":
    case "keep-alive":
      return connected(input);
    case "stall-after":
    case "keep-alive-after":
      return [...connected(input), ...wholeAnswer(input, '{"id":"up-1",', restMs).slice(0, 2)];
    case "reset-after":
      return [
        ...connected(input),
        ...wholeAnswer(input, '{"id":"up-1",', restMs).slice(0, 2),
        { waitMs: chance.integer(1, 400), say: "fail", how: "reset" },
      ];
    case "cut":
    case "cut-before":
    case "error-frame":
      return [...connected(input), ...wholeAnswer(input, wholeBody(input, all, undefined), restMs)];
    case "blocked":
      return [...connected(input), ...wholeAnswer(input, wholeBody(input, "", "blocked"), restMs)];
    default:
      return [...connected(input), ...wholeAnswer(input, wholeBody(input, all, "stop"), restMs)];
  }
}

function wholeBody(input: ScriptInput, text: string, reason: "stop" | "blocked" | undefined): string {
  return answerFrames[input.deployment.dialect].whole(text, reason, tokensOf(input, input.words));
}

function wholeAnswer(input: ScriptInput, text: string, restMs: number): readonly Step[] {
  const headers = { "content-type": "application/json" };
  const words = input.words;
  const isWhole = input.fault === undefined || input.fault === "slow-first-token";
  const body: Step = isWhole ? { waitMs: 0, say: "words", text, words } : { waitMs: 0, say: "nothing", text };
  const finish: readonly Step[] =
    isWhole || input.fault === "blocked" ? [{ waitMs: 0, say: "finish", text: "", tokens: words }] : [];
  return [
    { waitMs: firstTokenMs(input) + restMs, say: "start", status: 200, headers },
    body,
    ...finish,
    { waitMs: 1, say: "end" },
  ];
}
