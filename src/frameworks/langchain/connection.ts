import { getEnvironmentVariable } from "@langchain/core/utils/env";
import type { SignalboxTransport } from "../transport/chat-transport.ts";
import { httpTransport } from "../transport/http-transport.ts";

/** Where `npm start` and `signalbox up` listen. */
const urlDefault = "http://127.0.0.1:8080";
/** The environment variables that commands find Signalbox by, too. */
const urlVariable = "SIGNALBOX_URL";
/** LangChain writes this name in place of the key into what it serialises. */
export const keyVariable = "SIGNALBOX_KEY";

/** Which Signalbox is asked. */
export interface ConnectionFields<Transport = SignalboxTransport> {
  /** Its address; `SIGNALBOX_URL`, else http://127.0.0.1:8080 when absent. */
  readonly url?: string;
  /** A key of it; `SIGNALBOX_KEY` when absent, and none where that is absent too. */
  readonly apiKey?: string;
  /** Another way to it: `startEmbedded(...)` has one, and `httpTransport(...)` takes a dispatcher. In place of url and key. */
  readonly transport?: Transport;
}

/**
 * The way to the Signalbox that is meant.
 * @throws TypeError for an address that is none
 */
export function connectionOf<Transport>({
  transport,
  url,
  apiKey,
}: ConnectionFields<Transport>): Transport | SignalboxTransport {
  if (transport) return transport;
  const key = apiKey ?? getEnvironmentVariable(keyVariable);
  return httpTransport({
    baseUrl: url ?? getEnvironmentVariable(urlVariable) ?? urlDefault,
    ...(key && { apiKey: key }),
  });
}
