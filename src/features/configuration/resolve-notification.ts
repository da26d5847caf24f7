import { present } from "#core/kernel/present.ts";
import { Secret } from "#core/kernel/secret.ts";
import { webhookSecretSchema } from "#core/kernel/webhook-signature.ts";
import { readWebhookUrl } from "./base-url.ts";
import type { NotificationTarget } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import type { NotificationSettings } from "./schema/notification.ts";
import { substituted } from "./substituted.ts";
import { knownNames } from "./suggestion.ts";
import type { VariableLookup } from "./variable-lookup.ts";

/** An address that is told, with what its messages are signed with. */
export interface ResolvedNotification {
  readonly target: NotificationTarget;
  readonly secret: Secret;
}

/** What an address is resolved from. */
interface NotificationInput {
  readonly name: string;
  readonly settings: NotificationSettings;
  /** Every name written under `experiments`, also of those that are wrong themselves. */
  readonly experimentNames: ReadonlySet<string>;
  readonly variable: VariableLookup;
  readonly problems: ProblemList;
}

/** Looks up an address and its secret; undefined, with its problems noted, where one is wrong. */
export function resolveNotification(input: NotificationInput): ResolvedNotification | undefined {
  const { name, settings } = input;
  checkExperiments(input);
  const url = urlOf(input);
  const secret = secretOf(input);
  if (url === undefined || secret === undefined) return undefined;
  return {
    target: {
      name,
      url,
      privateNetwork: settings.private_network,
      everyMs: settings.every,
      ...present({
        experiments: settings.experiments && new Set(settings.experiments),
        publicUrl: settings.public_url?.replace(/\/+$/, ""),
      }),
    },
    secret,
  };
}

function checkExperiments({ name, settings, experimentNames, problems }: NotificationInput): void {
  for (const [place, experiment] of (settings.experiments ?? []).entries()) {
    if (experimentNames.has(experiment)) continue;
    problems.add(["notifications", name, "experiments", place], {
      wanted: knownNames(experiment, experimentNames),
    });
  }
}

function urlOf({ name, settings, variable, problems }: NotificationInput): string | undefined {
  const path = ["notifications", name, "url"];
  const text = substituted(settings.url, { variable, problems }, path);
  if (text === undefined) return undefined;
  const read = readWebhookUrl(text, settings.private_network);
  if (read.ok) return read.value;
  problems.add(path, read.error);
  return undefined;
}

function secretOf({ name, settings, variable, problems }: NotificationInput): Secret | undefined {
  const reference = settings.secret.slice(2, -1);
  const text = variable(reference);
  const path = ["notifications", name, "secret"];
  if (text === undefined) {
    problems.add(path, {
      wanted: `the environment variable ${reference} to hold the secret`,
      actual: "no such variable",
    });
    return undefined;
  }
  if (webhookSecretSchema.safeParse(text).success) return new Secret(text);
  problems.add(path, {
    wanted: `the environment variable ${reference} to hold 24 to 64 bytes in base64, with or without whsec_ before it`,
    actual: "something else (not shown)",
  });
  return undefined;
}
