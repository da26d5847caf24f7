import type { TrafficService } from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { catalogEndpoints, type CatalogViews } from "./catalog-endpoints.ts";
import { configurationEndpoints, type ConfigurationReader } from "./configuration-endpoints.ts";
import { healthEndpoints, type HealthPorts } from "./health-endpoints.ts";
import { keyEndpoints, type KeyService } from "./key-endpoints.ts";
import { requestEndpoints } from "./request-endpoints.ts";

/** What the endpoints of the control plane read and change. */
export interface ControlPlanePorts {
  readonly requests: TrafficService;
  readonly catalog: CatalogViews;
  readonly configuration: ConfigurationReader;
  readonly keys: KeyService;
  readonly health: HealthPorts;
}

/** Every endpoint that Fastify serves. */
export function controlPlaneEndpoints(ports: ControlPlanePorts): readonly ServedEndpoint[] {
  return [
    ...requestEndpoints(ports.requests),
    ...catalogEndpoints(ports.catalog),
    ...configurationEndpoints(ports.configuration),
    ...keyEndpoints(ports.keys),
    ...healthEndpoints(ports.health),
  ];
}
