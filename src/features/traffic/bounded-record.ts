import type { RequestRecord } from "./request-record.ts";

/** Longest texts from outside that a record keeps, in UTF-16 code units; longer ones end in an ellipsis. */
const modelLengthMax = 256;
const upstreamIdLengthMax = 256;

/** A record whose size does not depend on what clients and upstreams put into free text: the log stays small. */
export function boundedRecord(record: RequestRecord): RequestRecord {
  const { model, upstreamResponseId = "" } = record;
  // As good as always: no copy then.
  if (model.length <= modelLengthMax && upstreamResponseId.length <= upstreamIdLengthMax) return record;
  return {
    ...record,
    model: cut(model, modelLengthMax),
    ...(record.upstreamResponseId !== undefined && {
      upstreamResponseId: cut(upstreamResponseId, upstreamIdLengthMax),
    }),
  };
}

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}
