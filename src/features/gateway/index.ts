export { AttemptsUnderWay } from "#features/gateway/attempts-under-way.ts";
export type { Arrival, Refusal } from "#features/gateway/asked.ts";
export type { ClientPort } from "#features/gateway/client-port.ts";
export { jsonArrayFraming, sseFraming, type Framing } from "#features/gateway/framing.ts";
export type { GatewaySnapshot } from "#features/gateway/plan.ts";
export { rungsOf, type ProviderConnection } from "#features/gateway/rung.ts";
export { Gateway, type GatewayPorts } from "#features/gateway/gateway.ts";
export { shownName, unknownModelText } from "#features/gateway/unknown-model.ts";
