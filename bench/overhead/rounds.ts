import type { LoadOrder, LoadResult } from "../load/load-order.ts";
import type { Loader } from "../load/loader.ts";
import { cpuBetween, type CpuTime } from "../measure/cpu-clock.ts";
import { cpuTimeWhenIdle } from "../measure/cpu-time-when-idle.ts";
import { orderFor, type Request, type Target } from "./workload.ts";

/** What one target did in one round. */
export interface Round extends LoadResult {
  /** Used for the round's requests and what follows from them (the log's batches); absent for the upstream. */
  readonly cpu?: CpuTime;
}

/** The rounds of each target, by its name; the same number of each, and the nth of all at about the same time. */
export type Rounds = ReadonlyMap<string, readonly Round[]>;

/** What rounds are run. */
export interface RoundsInput {
  readonly loader: Loader;
  readonly targets: readonly Target[];
  readonly request: Request;
  readonly load: Pick<LoadOrder, "connections" | "durationMs" | "requestsMax">;
  readonly rounds: number;
  /** Load before the first round, for each target: code is compiled by then, which takes some 2,000 requests. */
  readonly warmUp: Pick<LoadOrder, "connections" | "durationMs">;
}

/**
 * Asks every target in turn, round after round, beginning with another one each time: what else the machine does hits
 * all of them alike, so that the ratios of a round mean more than its figures.
 */
export async function interleavedRounds(input: RoundsInput): Promise<Rounds> {
  const { loader, targets, request, load, rounds, warmUp } = input;
  const done = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await loader.run(orderFor(target, request, warmUp));
  for (let round = 0; round < rounds; round++) {
    for (const target of rotated(targets, round)) {
      done.get(target.name)?.push(await oneRound(loader, target, orderFor(target, request, load)));
    }
  }
  return done;
}

async function oneRound(loader: Loader, { pid }: Target, order: LoadOrder): Promise<Round> {
  const measure = await loader.prepare(order);
  if (pid === undefined) return measure();
  const before = await cpuTimeWhenIdle(pid);
  const result = await measure();
  return { ...result, cpu: cpuBetween(before, await cpuTimeWhenIdle(pid)) };
}

/** The list, begun at another place. */
export function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
