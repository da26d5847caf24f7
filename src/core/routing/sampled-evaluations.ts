import { fractionOf } from "./rendezvous.ts";

/** What scores a share of a route's answers once their clients have them. */
export interface RunningEvaluation {
  readonly name: string;
  /** The share of requests, in (0, 1]. */
  readonly sample: number;
}

/**
 * The evaluations that take a request into their sample; undefined where none does. By hashes of the request alone: a raise of
 * a sample only adds requests, and what one evaluation takes says nothing of what another takes.
 */
export function sampledEvaluations(
  running: readonly RunningEvaluation[],
  requestId: string,
): readonly string[] | undefined {
  const sampled = running.filter(
    ({ name, sample }) => sample >= 1 || fractionOf("evaluation", name, requestId) < sample,
  );
  return sampled.length === 0 ? undefined : sampled.map(({ name }) => name);
}
