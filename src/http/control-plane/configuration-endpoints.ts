import { z } from "zod";
import type { JsonObject } from "#core/kernel/json.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { served } from "#http/served.ts";

/** The configuration in force. */
export interface ConfigurationReader {
  /**
   * `settings` are those of signalbox.yaml with its words; a value that holds a secret is not resolved: it stands there
   * as the reference that was written (`${GEMINI_API_KEY}`), or blanked.
   */
  current(): { readonly version: string; readonly appliedAtMs: number; readonly settings: JsonObject };
}

const configurationView = z
  .object({
    version: described(z.string(), "Hash of the settings; decisions carry it.", "3f9a1c7b"),
    applied_at: described(
      z.string(),
      "When it came into force, ISO 8601 in UTC.",
      "2026-11-25T10:00:00.000Z",
    ),
    settings: described(
      z.record(z.string(), z.unknown()),
      "The settings in the words of signalbox.yaml; secrets only as references.",
      { version: 1, routes: { assistant: { strategy: { use: "assistant-flash" } } } },
    ),
  })
  .meta({ id: "Configuration", description: "The configuration in force." });

/** `/api/config`: the configuration in force. */
export function configurationEndpoints(reader: ConfigurationReader): readonly ServedEndpoint[] {
  return [
    served({
      method: "GET",
      path: "/api/config",
      operationId: "getConfiguration",
      tag: "Administration",
      summary: "The configuration in force",
      description: "The settings of signalbox.yaml as they were applied, without secrets, and their version.",
      protection: "admin",
      response: configurationView,
      responseDescription: "The configuration.",
      answer: () => {
        const { version, appliedAtMs, settings } = reader.current();
        return Promise.resolve({
          version,
          applied_at: new Date(appliedAtMs).toISOString(),
          settings: { ...settings },
        });
      },
    }),
  ];
}
