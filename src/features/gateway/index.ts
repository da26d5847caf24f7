export type { Arrival, Refusal } from "#features/gateway/asked.ts";
export type { ClientPort } from "#features/gateway/client-port.ts";
export { jsonArrayFraming, sseFraming, type Framing } from "#features/gateway/framing.ts";
export type { GatewaySnapshot, ProviderConnection } from "#features/gateway/plan.ts";
export { Gateway } from "#features/gateway/gateway.ts";
export { shownName, unknownModelText } from "#features/gateway/unknown-model.ts";
