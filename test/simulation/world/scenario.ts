import type { PrefillWay } from "#core/dialects/dialect.ts";
import type { DialectName, ProviderDialectName } from "#core/llm/dialect-name.ts";
import type { PromptCache, RouteAffinity } from "#core/routing/affinity.ts";
import type { RouteDeadlines } from "#core/routing/route.ts";
import type { Fault } from "./fault.ts";

/** All that a seed stands for: who asks for what and when, what goes wrong where, and what people change meanwhile. */
export interface Scenario {
  readonly seed: number;
  /** Wall clock at the beginning, ms since 1970. */
  readonly startMs: number;
  /** When the last request has come in. All other times of a scenario are on the same clock: ms since the beginning. */
  readonly horizonMs: number;
  readonly deployments: readonly DeploymentPlan[];
  readonly route: RoutePlan;
  /** What is in force at the beginning. */
  readonly specification: Specification;
  /** By time. */
  readonly changes: readonly Change[];
  /** By time; the number of each is its place. */
  readonly requests: readonly RequestPlan[];
}

/** Whether nothing goes wrong in a world, and all of its deployments are equally fast. */
export function isCalm({ deployments }: Scenario): boolean {
  return deployments.every(({ isEven }) => isEven);
}

/** A deployment and how it fares. Each is the only one of its provider. */
export interface DeploymentPlan {
  readonly name: string;
  readonly variant: string;
  readonly dialect: ProviderDialectName;
  /** Until the first token when all is well, ms on average. */
  readonly firstTokenMs: number;
  /** Between two frames, ms on average. */
  readonly frameMs: number;
  /** Whether each answer takes exactly that long. */
  readonly isEven: boolean;
  /** By time, none within another. Outside of them all is well. */
  readonly incidents: readonly Incident[];
  /** How its model is asked to go on with an answer that has begun; absent where it begins a new one however it is asked. */
  readonly prefill?: PrefillWay;
}

/** A time at which something is wrong with a deployment. */
export interface Incident {
  readonly fromMs: number;
  readonly untilMs: number;
  /** What goes wrong, each as often as any other. */
  readonly faults: readonly [Fault, ...Fault[]];
  /** How many of the calls go wrong, in (0, 1]. */
  readonly share: number;
}

/** The route that everybody asks for. */
export interface RoutePlan {
  /** Variants that are chosen by their shares. */
  readonly chosen: readonly string[];
  readonly fallbacks: readonly string[];
  /** Whether a second call may be made beside a slow one. */
  readonly hedges: boolean;
  /** Whether a stream that breaks is gone on with elsewhere. */
  readonly resumes: boolean;
  /** What keeps conversations where they are; absent where nothing does. */
  readonly affinity?: AffinityPlan;
  readonly deadlines: RouteDeadlines & {
    readonly totalMs: number;
    readonly firstTokenMs: number;
    readonly idleMs: number;
  };
}

/** A route's affinity, and how all its providers keep prompts. */
export interface AffinityPlan extends RouteAffinity {
  readonly cache: PromptCache;
}

/** What people set. */
export interface Specification {
  /** By deployment. */
  readonly weights: Readonly<Record<string, number>>;
  /** By variant; their sum is 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** Deployments that take no new requests, and whether what runs there may finish: both are the same to the gateway. */
  readonly withdrawn: readonly string[];
}

/** Something that people change while requests run. */
export interface Change {
  readonly atMs: number;
  readonly what: "weights" | "shares" | "drain" | "enable" | "reload";
  /** For people. */
  readonly words: string;
  readonly specification: Specification;
}

/** A request and how its client behaves. */
export interface RequestPlan {
  readonly number: number;
  readonly atMs: number;
  readonly dialect: DialectName;
  readonly stream: boolean;
  /** Gemini's streams can be one JSON array. */
  readonly jsonArray: boolean;
  /** Words of the answer. */
  readonly words: number;
  /** The conversation that it goes on with, where its client names one. */
  readonly conversation?: string;
  /** How long the client waits at most, ms. */
  readonly deadlineMs?: number;
  /** When it goes away unless it has its answer, ms after it came. */
  readonly leavesAfterMs?: number;
  /** How long it does not read after each write, ms; absent for those that keep up. */
  readonly readsSlowlyMs?: number;
}
