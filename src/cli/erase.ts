import { z } from "zod";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { AppError } from "#core/kernel/app-error.ts";

/** Whom or what is erased: one of them. */
export interface EraseFlags {
  readonly unit?: string;
  readonly conversation?: string;
}

/** The part of the API's answer that is shown; see `erasureReply`. */
const erasedShape = z.looseObject({
  requests: z.int(),
  feedback: z.int(),
  sums: z.int(),
  complete: z.boolean(),
});

/** `signalbox erase`. @throws AppError, ClientError */
export async function eraseSubject(server: ServerAddress, flags: EraseFlags, output: Output): Promise<void> {
  if ((flags.unit === undefined) === (flags.conversation === undefined))
    throw new AppError("invalid-request", "Cannot erase: --unit <name> or --conversation <name> is wanted");
  const call = { method: "POST", path: "/api/erasures", body: flags } as const;
  const erased = await callControlPlane(server, call, erasedShape);
  const { requests, feedback, sums, complete } = erased;
  output.result({
    json: erased,
    lines: [
      `Erased ${requests} requests, ${feedback} feedback, ${sums} sums`,
      ...(complete ? [] : ["There is more: erase again"]),
    ],
  });
}
