export { DeployService } from "./deploy/deploy-service.ts";
export type { DeploymentEvent } from "./deployment-event.ts";
export type { DeploymentStatus } from "./deployment-status.ts";
export { followStatuses } from "./follow-statuses.ts";
export {
  deployBody,
  deploymentParams,
  forgetQuery,
  forgottenView,
  operationBody,
  statusShape,
  weightBody,
} from "./schema.ts";
export {
  DeploymentService,
  unknownDeployment,
  untouched,
  type StandingsView,
  type StatusChange,
} from "./service.ts";
export { statusView } from "./status-view.ts";
export { postgresDeploymentStore } from "./store.postgres.ts";
export type { Ask, VerificationAnswer, VerificationCall } from "./verification/ask.ts";
export type { CheckLine } from "./verification/report.ts";
