import type { DeploymentState } from "./deployment-status.ts";

/** What happens to deployments. Goes to the log; holds no key. */
export type DeploymentEvent =
  | {
      readonly kind: "deployment-changed";
      readonly deployment: string;
      readonly state: DeploymentState;
      readonly by: string;
      readonly epoch: number;
      readonly weight?: number;
      readonly why?: string;
    }
  /** What was known of one that is out of use is gone. */
  | {
      readonly kind: "deployment-forgotten";
      readonly deployment: string;
      /** What it was. */
      readonly state: DeploymentState;
      readonly by: string;
      readonly why?: string;
    }
  /** What other processes did could not be read, or what follows from it not be done; it is tried again. */
  | { readonly kind: "deployment-status-not-followed"; readonly error: Error };
