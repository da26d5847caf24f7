import type { SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { RoutedMetadata } from "../transport/routed-metadata.ts";

/** How a call was routed, in `providerMetadata.signalbox` of its answer. */
export interface SignalboxMetadata {
  /** The request's id, which is the decision's. */
  readonly requestId?: string;
  readonly route?: string;
  readonly variant?: string;
  readonly deployment?: string;
  /** Upstream calls made, the answering one included. */
  readonly attempts?: number;
  /** Which step of the route's ladder answered in place of what was decided. */
  readonly degraded?: string;
  /** What the request cost with all its attempts, USD; absent where an attempt has no known price. */
  readonly costUsd?: number;
  /** The deployment that went on with a stream that broke. */
  readonly resumed?: string;
  readonly emulated?: boolean;
}

/** The metadata of an answer. */
export function providerMetadata(routed: RoutedMetadata): SharedV4ProviderMetadata {
  const { request_id, cost_usd, ...same } = routed;
  const signalbox: SignalboxMetadata = {
    ...same,
    ...(request_id !== undefined && { requestId: request_id }),
    ...(cost_usd !== undefined && { costUsd: cost_usd }),
  };
  return { signalbox: { ...signalbox } };
}

/** What a part of an answer keeps for when it is sent back: the signature that proves it to the provider. */
export function signatureMetadata(signature: string | null | undefined): {
  readonly providerMetadata?: SharedV4ProviderMetadata;
} {
  return signature ? { providerMetadata: { signalbox: { thoughtSignature: signature } } } : {};
}
