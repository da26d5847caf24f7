import type { ChainService } from "#features/chains/index.ts";
import type { ReviewService } from "#features/evaluations/index.ts";
import type { PromptService } from "#features/prompts/index.ts";
import type { FeedbackService, TrafficService } from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { catalogEndpoints, type CatalogViews } from "./catalog-endpoints.ts";
import { chainListEndpoints } from "./chain-endpoints.ts";
import { configurationEndpoints, type ConfigurationPorts } from "./configuration-endpoints.ts";
import { deploymentEndpoints, type DeploymentEndpointPorts } from "./deployment-endpoints.ts";
import { erasureEndpoint, type ErasePort } from "./erasure-endpoint.ts";
import { evaluationEndpoint, type LiveScoresPort } from "./evaluation-endpoints.ts";
import { evaluationRunEndpoints, type EvaluationRunPorts } from "./evaluation-run-endpoints.ts";
import { experimentEndpoints, type ExperimentEndpointPorts } from "./experiment-endpoints.ts";
import { experimentPowerEndpoint } from "./experiment-power-endpoint.ts";
import { experimentResultsEndpoints, type ResultsPort } from "./experiment-results-endpoints.ts";
import { explainEndpoint, type ExplainPort } from "./explain-endpoint.ts";
import { feedbackEndpoints } from "./feedback-endpoints.ts";
import { healthEndpoints, type HealthPorts } from "./health-endpoints.ts";
import { keyEndpoints, type KeyService } from "./key-endpoints.ts";
import { outcomeEndpoints, type OutcomePorts } from "./outcome-endpoints.ts";
import { promptEndpoints } from "./prompt-endpoints.ts";
import { reviewEndpoints } from "./review-endpoints.ts";
import { requestEndpoints } from "./request-endpoints.ts";
import { tailEndpoint, type TailPorts } from "./tail-endpoint.ts";

/** What the endpoints of the control plane read and change. */
export interface ControlPlanePorts {
  readonly requests: TrafficService;
  readonly tail: TailPorts;
  readonly feedback: FeedbackService;
  readonly liveScores: LiveScoresPort;
  readonly outcomes: OutcomePorts;
  readonly reviews: ReviewService;
  readonly erase: ErasePort;
  readonly catalog: CatalogViews;
  readonly explain: ExplainPort;
  readonly deployments: DeploymentEndpointPorts;
  readonly prompts: PromptService;
  readonly experiments: ExperimentEndpointPorts;
  readonly experimentResults: ResultsPort;
  readonly evaluationRuns: EvaluationRunPorts;
  readonly chains: Pick<ChainService, "list">;
  readonly configuration: ConfigurationPorts;
  readonly keys: KeyService;
  readonly health: HealthPorts;
}

/** Every endpoint of the control plane, the pages aside. */
export function controlPlaneEndpoints(ports: ControlPlanePorts): readonly ServedEndpoint[] {
  return [
    ...requestEndpoints(ports.requests, ports.tail.timers),
    tailEndpoint(ports.tail),
    ...feedbackEndpoints(ports.feedback),
    evaluationEndpoint(ports.liveScores),
    ...outcomeEndpoints(ports.outcomes),
    ...reviewEndpoints(ports.reviews),
    erasureEndpoint(ports.erase),
    ...catalogEndpoints(ports.catalog),
    explainEndpoint(ports.explain),
    ...deploymentEndpoints(ports.deployments),
    ...promptEndpoints(ports.prompts),
    ...experimentEndpoints(ports.experiments),
    experimentPowerEndpoint,
    ...experimentResultsEndpoints(ports.experimentResults),
    ...evaluationRunEndpoints(ports.evaluationRuns),
    ...chainListEndpoints(ports.chains),
    ...configurationEndpoints(ports.configuration),
    ...keyEndpoints(ports.keys),
    ...healthEndpoints(ports.health),
  ];
}
