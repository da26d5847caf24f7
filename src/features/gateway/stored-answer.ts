import { keepsWhole } from "#core/redaction/keeps-whole.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { Plan } from "#features/gateway/plan.ts";
import { contentLengthMax } from "#features/traffic/index.ts";

/** Whether later requests can go on from the answer to a request: its content is kept, and all of it, as it is. */
export function isStored({ request, body }: Asked, { capture }: Plan): boolean {
  if (request?.thread?.isStored !== true || capture !== "full" || !body) return false;
  return body.length <= contentLengthMax && keepsWhole(request.messages);
}
