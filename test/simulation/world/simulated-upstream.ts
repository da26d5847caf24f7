import type {
  UpstreamCall,
  UpstreamHandle,
  UpstreamListener,
  UpstreamPort,
} from "#adapters/upstream/upstream-port.ts";
import type { CallTrace, RequestTrace } from "../history.ts";
import type { Json } from "#core/kernel/json.ts";
import { promptTokensOf } from "./answer-frames.ts";
import { begunAnswer, type BegunAnswer } from "./begun-answer.ts";
import { answerScript, type AnswerScript, type Step } from "./answer-script.ts";
import type { Fault } from "./fault.ts";
import type { DeploymentPlan, Scenario } from "./scenario.ts";
import { SeededChance } from "../../support/seeded-chance.ts";
import type { Tell } from "./story.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What the providers of a run are made from. */
export interface SimulatedUpstreamInput {
  readonly scenario: Scenario;
  readonly time: VirtualTime;
  readonly requests: readonly RequestTrace[];
  readonly tell: Tell;
}

/** All providers of a run: each call goes as its deployment fares at the moment. Writes down what it sees. */
export class SimulatedUpstream implements UpstreamPort {
  readonly calls: CallTrace[] = [];
  readonly #input: SimulatedUpstreamInput;
  readonly #touched = new Set<string>();
  readonly #deployments: ReadonlyMap<string, DeploymentPlan>;

  constructor(input: SimulatedUpstreamInput) {
    this.#input = input;
    this.#deployments = new Map(input.scenario.deployments.map((plan) => [plan.name, plan]));
  }

  send(call: UpstreamCall, listener: UpstreamListener): UpstreamHandle {
    const deployment = this.#deploymentOf(call);
    const text = bodyText(call);
    const request = this.#requestOf(text);
    // JSON.parse answers `any`; what it gives is JSON by definition.
    const begun = begunAnswer(JSON.parse(text) as Json, deployment);
    const { script, trace } = this.#begin(deployment, request, begun);
    this.calls.push(trace);
    request.calls.push(trace);
    const { time, tell } = this.#input;
    this.#touched.add(trace.deployment);
    tell(
      () =>
        `call ${trace.number}: request ${trace.request} asks ${trace.deployment}${restText(trace)}${faultText(script)}`,
    );
    return new PlayedCall({
      time,
      tell: (line) => {
        this.#touched.add(trace.deployment);
        tell(line);
      },
      script,
      trace,
      listener,
    });
  }

  /** Names of the deployments that have seen anything since this was asked last. */
  touched(): readonly string[] {
    if (this.#touched.size === 0) return [];
    const names = [...this.#touched];
    this.#touched.clear();
    return names;
  }

  #begin(
    deployment: DeploymentPlan,
    request: RequestTrace,
    { beginning, isGoneOnWith }: BegunAnswer,
  ): { script: AnswerScript; trace: CallTrace } {
    const { scenario, time } = this.#input;
    const number = this.calls.length;
    const turn = request.calls.filter((known) => known.deployment === deployment.name).length;
    const chance = new SeededChance(scenario.seed, `call/${request.plan.number}/${deployment.name}/${turn}`);
    const fault = faultAt(deployment, time.monotonicMs(), chance);
    const { stream } = request.plan;
    const firstPlace = isGoneOnWith ? beginning.length : 0;
    const words = request.plan.words - firstPlace;
    const promptTokens = promptTokensOf({ beginning });
    const answer = { stream, call: number, words, firstPlace, promptTokens };
    const script = answerScript({ deployment, fault, chance, ...answer });
    const trace: CallTrace = {
      number,
      request: request.plan.number,
      deployment: deployment.name,
      fault,
      beginning,
      words,
      startedMs: time.monotonicMs(),
      wordTimesMs: [],
      wordsGiven: 0,
    };
    return { script, trace };
  }

  #deploymentOf({ url }: UpstreamCall): DeploymentPlan {
    const name = new URL(url).hostname;
    const deployment = this.#deployments.get(name);
    if (!deployment) throw new Error(`Cannot call "${name}": no such provider is simulated`);
    return deployment;
  }

  #requestOf(text: string): RequestTrace {
    const number = Number(/request #(\d+)/.exec(text)?.[1]);
    const request = this.#input.requests[number];
    if (!request) throw new Error("Cannot serve a call: its prompt names no request");
    return request;
  }
}

function faultAt({ incidents }: DeploymentPlan, atMs: number, chance: SeededChance): Fault | undefined {
  const incident = incidents.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  return incident && chance.happens(incident.share) ? chance.one(incident.faults) : undefined;
}

function bodyText({ body }: UpstreamCall): string {
  if (typeof body === "string") return body;
  return Buffer.concat(body instanceof Uint8Array ? [body] : body).toString();
}

function restText({ beginning }: CallTrace): string {
  return beginning.length === 0 ? "" : ` to go on behind ${beginning.length} words`;
}

function faultText({ fault, hintMs }: AnswerScript): string {
  if (!fault) return "";
  return hintMs === undefined ? ` (${fault})` : ` (${fault}, come back in ${hintMs / 1_000} s)`;
}

interface PlayedCallInput {
  readonly time: VirtualTime;
  readonly tell: Tell;
  readonly script: AnswerScript;
  readonly trace: CallTrace;
  readonly listener: UpstreamListener;
}

/** A call under way: plays its script, step by step, until it is cancelled. */
class PlayedCall implements UpstreamHandle {
  readonly #input: PlayedCallInput;
  #next = 0;
  #over = false;
  #paused = false;
  /** Whether the next step waits for the reader. */
  #waits = false;

  constructor(input: PlayedCallInput) {
    this.#input = input;
    this.#plan();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    const { trace, time, tell } = this.#input;
    trace.abortedMs = time.monotonicMs();
    tell(() => `call ${trace.number}: cancelled`);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (!this.#waits) return;
    this.#waits = false;
    this.#input.time.at(this.#input.time.monotonicMs(), () => this.#due());
  }

  #plan(): void {
    const step = this.#input.script.steps[this.#next];
    if (step) this.#input.time.at(this.#input.time.monotonicMs() + step.waitMs, () => this.#due());
  }

  #due(): void {
    if (this.#over) return;
    const step = this.#input.script.steps[this.#next];
    if (!step) return;
    if (this.#paused && step.say !== "fail") {
      this.#waits = true;
      return;
    }
    this.#next += 1;
    this.#do(step);
    if (!this.#over) this.#plan();
  }

  #do(step: Step): void {
    const { trace, listener, time } = this.#input;
    const nowMs = time.monotonicMs();
    switch (step.say) {
      case "sent":
        trace.sentMs = nowMs;
        return listener.sent();
      case "start":
        trace.status = step.status;
        return listener.started(step.status, step.headers);
      case "nothing":
        return listener.data(Buffer.from(step.text));
      case "words":
        trace.wordTimesMs.push(nowMs);
        trace.wordsGiven += step.words;
        this.#tell(`${step.words} words`);
        return listener.data(Buffer.from(step.text));
      case "finish":
        trace.finishMs = nowMs;
        trace.reportedTokens = step.tokens;
        if (step.text !== "") listener.data(Buffer.from(step.text));
        return;
      case "end":
        this.#end(nowMs, "ended");
        return listener.ended();
      case "fail":
        this.#end(nowMs, step.how === "connect" ? "no connection" : "connection broken");
        return listener.failed(step.how, step.how === "connect" ? "ECONNREFUSED" : "ECONNRESET");
    }
  }

  #end(nowMs: number, words: string): void {
    const { trace, script } = this.#input;
    this.#over = true;
    trace.endedMs = nowMs;
    if (script.failure !== undefined) trace.failure = script.failure;
    if (script.hintMs !== undefined) trace.hintMs = script.hintMs;
    this.#tell(words);
  }

  #tell(words: string): void {
    const { trace, tell } = this.#input;
    tell(() => `call ${trace.number}: ${trace.deployment}: ${words}`);
  }
}
