import { z } from "zod";
import type { VerificationReport } from "./verification/report.ts";

/**
 * Where a deployment stands. `ready`: takes requests. `verifying`, `refused`: registered, and being tried or found
 * wanting; no request goes there. `draining`: takes no new requests while those under way finish; then `drained`.
 * `disabled`: taken out of service until somebody enables it.
 */
export const deploymentStates = ["ready", "verifying", "refused", "draining", "drained", "disabled"] as const;

/** One of them. */
export type DeploymentState = (typeof deploymentStates)[number];

/** What a deployment was registered as: what the configuration gets when it passes its verification. */
export const registration = z.object({
  provider: z.string(),
  /** The model's id in the provider's words. */
  model: z.string(),
  /** What it is for, where somebody said so. */
  kind: z.enum(["chat", "embeddings"]).optional(),
  /** What it costs, as the configuration writes it: dollars for a million tokens. */
  price: z.object({ input: z.string(), output: z.string(), cached_input: z.string().optional() }).optional(),
  /** The route that it is to take a share of, in (0, 1]. */
  route: z.object({ name: z.string(), share: z.number() }).optional(),
});

/** What a deployment was registered as. */
export type Registration = z.output<typeof registration>;

/** What was done with a deployment while Signalbox runs. One that nobody touched has none and is ready. */
export interface DeploymentStatus {
  /** The deployment's name. */
  readonly deployment: string;
  readonly state: DeploymentState;
  /** Since when it is in this state, ms since 1970; absent for one that was never anything but ready. */
  readonly sinceMs?: number;
  /** Its weight in place of the configured one, > 0; absent where the configured one holds. */
  readonly weight?: number;
  /** When it was last changed, ms since 1970: a change of the weight leaves the state as it is. */
  readonly changedAtMs: number;
  /** Who changed it last: `admin`, a key's id, `anyone`, or `signalbox` for what it does itself. */
  readonly changedBy: string;
  /** Why, in the words of whoever changed it. */
  readonly why?: string;
  /** What it was registered as; absent for one that came by the configuration alone. */
  readonly registered?: Registration;
  /** What its last verification found; absent for one that was never verified here. */
  readonly report?: VerificationReport;
  /** Number of the change of the status that made it so: what a later change is checked against. */
  readonly epoch: number;
}

/** A status that is about to be kept. */
export type NewDeploymentStatus = Omit<DeploymentStatus, "epoch">;

/** Who changes by itself what follows from what others did. */
export const ourselves = "signalbox";
