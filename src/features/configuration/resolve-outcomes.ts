import { Secret } from "#core/kernel/secret.ts";
import { webhookSecretSchema } from "#core/kernel/webhook-signature.ts";
import type { BodyPath, OutcomeWebhook } from "./outcome-webhook.ts";
import type { ProblemList } from "./problem-list.ts";
import { outcomesSchema, type OutcomeWebhookSettings } from "./schema/outcomes.ts";
import type { VariableLookup } from "./variable-lookup.ts";

/** The webhooks of outcomes, settings and secrets apart. */
export interface ResolvedOutcomes {
  readonly webhooks: ReadonlyMap<string, OutcomeWebhook>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Reads `outcomes`, and looks up the secrets of its webhooks. */
export function resolveOutcomes(variable: VariableLookup, problems: ProblemList): ResolvedOutcomes {
  const written = problems.read(["outcomes"], outcomesSchema.nullish())?.webhooks ?? {};
  const entries = Object.entries(written);
  return {
    webhooks: new Map(entries.map(([name, settings]) => [name, resolved(settings)])),
    secrets: new Map(
      entries.flatMap(([name, { secret }]) => {
        const found = secretOf(name, secret, { variable, problems });
        return found ? [[name, found] as const] : [];
      }),
    ),
  };
}

function secretOf(
  name: string,
  reference: string,
  { variable, problems }: { readonly variable: VariableLookup; readonly problems: ProblemList },
): Secret | undefined {
  const variableName = reference.slice(2, -1);
  const text = variable(variableName);
  if (text !== undefined && webhookSecretSchema.safeParse(text).success) return new Secret(text);
  problems.add(["outcomes", "webhooks", name, "secret"], {
    wanted: `the environment variable ${variableName} to hold 24 to 64 bytes in base64, with or without whsec_ before it`,
    actual: text === undefined ? "no such variable" : "another text",
  });
  return undefined;
}

const fieldNames = [
  "request_id",
  "response_id",
  "conversation",
  "unit",
  "outcome",
  "score",
  "label",
  "at",
  "id",
] as const;

function resolved(settings: OutcomeWebhookSettings): OutcomeWebhook {
  const fields = fieldNames.flatMap((field) => {
    const value = settings[field];
    return value === undefined ? [] : [[field, typeof value === "string" ? pathOf(value) : value] as const];
  });
  return {
    name: settings.name,
    source: settings.source,
    assumesUtc: settings.assume_utc,
    fields: new Map(fields),
    when: Object.entries(settings.when).map(([path, value]) => ({ path: pathOf(path), value })),
  };
}

function pathOf(text: string): BodyPath {
  return text.split(".");
}
