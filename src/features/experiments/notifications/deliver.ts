import type { UpstreamHandle, UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { signWebhook } from "#core/kernel/webhook-signature.ts";
import type { Secret } from "#core/kernel/secret.ts";
import type { NotificationTarget } from "#features/configuration/index.ts";
import type { Notification } from "./notification.ts";

/** How long an address may take to answer, ms. */
const answerMsMax = 10_000;

/** How it went: taken, refused for good, or to be tried again. A reason never holds the address. */
export type Delivery =
  | { readonly outcome: "taken" }
  | { readonly outcome: "gone" | "failed"; readonly reason: string };

/** What a delivery needs of the world. */
export interface DeliveryWorld {
  readonly upstream: UpstreamPort;
  readonly timers: Timers;
}

/** Sends a message, signed as Standard Webhooks says, and waits for the status of the answer alone. Never rejects. */
export function deliver(
  { upstream, timers }: DeliveryWorld,
  message: Pick<Notification, "id" | "body">,
  {
    target,
    secret,
    nowMs,
  }: { readonly target: NotificationTarget; readonly secret: Secret; readonly nowMs: number },
): Promise<Delivery> {
  const { id, body } = message;
  const timestampS = Math.floor(nowMs / 1_000);
  return new Promise((resolve) => {
    const under: { handle?: UpstreamHandle } = {};
    let isOver = false;
    const over = (delivery: Delivery): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      under.handle?.abort();
      resolve(delivery);
    };
    const timer = timers.after(answerMsMax, () =>
      over({ outcome: "failed", reason: `no answer within ${answerMsMax / 1_000} s` }),
    );
    under.handle = upstream.send(
      {
        url: target.url,
        privateNetwork: target.privateNetwork,
        headers: {
          "content-type": "application/json",
          "user-agent": "signalbox",
          "webhook-id": id,
          "webhook-timestamp": String(timestampS),
          "webhook-signature": signWebhook({ id, timestampS, body, secret: secret.reveal() }),
        },
        body,
      },
      {
        sent: () => undefined,
        // What an answer says is of no interest, however long.
        started: (status) => over(deliveryOf(status)),
        data: () => undefined,
        ended: () => over({ outcome: "failed", reason: "an answer without a status" }),
        failed: (kind, reason) =>
          over({
            outcome: "failed",
            reason: `${kind === "connect" ? "no connection" : "broken"}: ${reason}`,
          }),
      },
    );
    // It may have been over before there was anything to abort.
    if (isOver) under.handle.abort();
  });
}

/** Redirects are not followed: they lead where the configuration does not say. 410 says that nobody wants any more. */
function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { outcome: "taken" };
  return { outcome: status === 410 ? "gone" : "failed", reason: `answered ${status}` };
}
