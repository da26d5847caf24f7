import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "#core/kernel/app-error.ts";

/** Bodies come as they are: what is compressed would else be called no UTF-8. @throws AppError unsupported-media-type */
export function assertUnencoded(headers: IncomingHttpHeaders): void {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return;
  throw new AppError("unsupported-media-type", "Cannot read the request body: no content-encoding is wanted");
}
