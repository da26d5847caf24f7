import type { Endpoint } from "#http/endpoint.ts";
import { openApiDocument, type DocumentInfo } from "./document.ts";
import { dataPlaneEndpoints } from "./data-plane-endpoints.ts";
import type { ApiSnapshot } from "./snapshot.ts";

/** The document as JSON text, and a tag that changes with it. */
export interface DocumentText {
  readonly json: string;
  readonly etag: string;
}

/**
 * Makes the function that answers the document for the configuration of now: data plane with its live names, then the
 * served endpoints. It is built again only when the snapshot's version changes (about 50 ms).
 */
export function cachedDocument(sources: {
  readonly snapshot: () => ApiSnapshot;
  readonly info: () => DocumentInfo;
  readonly served: readonly Endpoint[];
}): () => DocumentText {
  let cached: { readonly key: string; readonly text: DocumentText } | undefined;
  return () => {
    const snapshot = sources.snapshot();
    const info = sources.info();
    const key = `${info.version}/${String(info.emulated)}/${snapshot.version}`;
    if (cached?.key !== key) {
      const document = openApiDocument([...dataPlaneEndpoints(snapshot), ...sources.served], info);
      cached = { key, text: { json: JSON.stringify(document), etag: `"${key}"` } };
    }
    return cached.text;
  };
}
