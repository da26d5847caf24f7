/** Deployments that the faulty upstream stands for: two of one pool and a fallback of another model. */
export const deploymentNames = ["a", "b", "c"] as const;

/** One of them. */
export type DeploymentName = (typeof deploymentNames)[number];

/**
 * What a deployment that is well answers, in the pieces of its stream. Names the deployment in every piece, so that an
 * answer put together from two is seen.
 */
export function answerPieces(deployment: DeploymentName): readonly string[] {
  return Array.from({ length: 16 }, (_, at) => `${at === 0 ? "" : " "}${deployment}${at}`);
}

/** The same as one text. */
export function answerText(deployment: DeploymentName): string {
  return answerPieces(deployment).join("");
}
