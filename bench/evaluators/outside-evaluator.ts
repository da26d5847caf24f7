import type { JsonObject } from "#core/kernel/json.ts";

/** What a tool is asked to evaluate. */
export interface OutsideRun {
  /** A running Signalbox, up to `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Of GSM8K, with an `id` each. */
  readonly items: readonly OutsideItem[];
  /** Where it may write; items lie in `items.jsonl`. */
  readonly folder: string;
}

/** A question. */
export interface OutsideItem {
  readonly id: string;
  readonly question: string;
  /** The whole solution, behind `####` the number. */
  readonly answer: string;
}

/** What came of an item. */
export interface OutsideAnswer {
  readonly text: string;
  readonly isRight: boolean;
}

/** A tool of others that evaluates models, as its makers publish it. */
export interface OutsideEvaluator {
  readonly name: string;
  /** As its registry names it, with an exact version. */
  readonly package: string;
  /** What goes along with its requests, or is told to: with the same we make the same requests. */
  readonly parameters: JsonObject;
  /** Installs it into a temporary folder, unless it is there. @returns the folder @throws Error */
  install(): Promise<string>;
  /** Runs it. @param place where it is installed @returns by item @throws Error */
  run(place: string, run: OutsideRun): Promise<ReadonlyMap<string, OutsideAnswer>>;
}

/** The key that tools are given: a Signalbox without keys takes any. */
export const anyKey = "outside";

/** Requests under way at once. */
export const outsideConcurrency = 8;

/** The number of a solution. */
export function numberOf({ answer }: OutsideItem): string {
  return answer.split("####").at(-1)?.trim() ?? "";
}
