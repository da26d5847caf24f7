import type { Claim, Measurement, ProofContext, Proven } from "./claim.ts";

/** A claim that takes longer has hung. */
export const claimMsMax = 30 * 60_000;

/** Runs one claim. One that throws or hangs is not proven, and says why; the others still run. */
export async function runClaim(claim: Claim, context: ProofContext, nowMs: () => number): Promise<Proven> {
  const { id, title, wanted } = claim;
  const startedMs = nowMs();
  const { figure, ok, judgedBy, details = [] } = await measured(claim, context);
  return {
    id,
    title,
    wanted: judgedBy ?? wanted,
    figure,
    ok,
    details,
    tookMs: Math.round(nowMs() - startedMs),
  };
}

async function measured(claim: Claim, context: ProofContext): Promise<Measurement> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no figure within ${claimMsMax} ms`)), claimMsMax);
  try {
    return await Promise.race([claim.run(context), late]);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { figure: "none: the run failed", ok: false, details: text.split("\n") };
  } finally {
    clearTimeout(timer);
  }
}
