import { present } from "#core/kernel/present.ts";
import {
  appliedReply,
  appliedView,
  applyBody,
  configurationReply,
  configurationView,
  planBody,
  planReply,
  planView,
  rollbackBody,
  versionParams,
  versionReply,
  versionsQuery,
  versionsReply,
  versionsView,
  versionWithTextView,
  type ConfigurationService,
  type FileState,
} from "#features/configuration/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { principalName } from "#http/principal-name.ts";
import { served } from "#http/served.ts";

/** Largest body with a configuration, bytes: the largest text (1 MiB), each of its characters escaped, fits nearly. */
const bodyBytesMax = 6 * 1024 * 1024;

/** What the configuration's endpoints ask and tell. */
export interface ConfigurationPorts {
  readonly service: Pick<
    ConfigurationService,
    "inForce" | "refused" | "plan" | "apply" | "rollback" | "history" | "changesOf"
  >;
  /** How the file stands now. */
  readonly file: () => FileState;
}

/** `/api/configuration`: what is in force, what would change, what was before. */
export function configurationEndpoints(ports: ConfigurationPorts): readonly ServedEndpoint[] {
  return [...readingEndpoints(ports), ...changingEndpoints(ports)];
}

const shared = { tag: "Administration", protection: "admin" } as const;

function readingEndpoints({ service, file }: ConfigurationPorts): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "GET",
      path: "/api/configuration",
      operationId: "getConfiguration",
      summary: "The configuration in force",
      description:
        "The version that this process decides on, its settings without keys, and how the file stands to it.",
      response: configurationReply,
      responseDescription: "The configuration.",
      answer: async () => configurationView(service.inForce(), { file: file(), refused: service.refused }),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/configuration/versions",
      operationId: "listConfigurationVersions",
      summary: "The history of the configuration",
      description: "Every version that was ever applied, newest first, in pages, without the texts.",
      query: versionsQuery,
      response: versionsReply,
      responseDescription: "A page of versions.",
      answer: async ({ query: { limit, before } }) =>
        versionsView(await service.history({ limit, ...(before !== undefined && { before }) }), limit),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/configuration/versions/{version}",
      operationId: "getConfigurationVersion",
      summary: "One version of the configuration",
      description: "Its text as it was applied, and what it changed of the version that it replaced.",
      params: versionParams,
      response: versionReply,
      responseDescription: "The version.",
      answer: async ({ params }) => {
        const { version, changes } = await service.changesOf(params.version);
        return versionWithTextView(version, changes);
      },
    }),
  ];
}

function changingEndpoints({ service }: ConfigurationPorts): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "POST",
      path: "/api/configuration/plan",
      operationId: "planConfiguration",
      summary: "What a configuration would change",
      description:
        "Checks a configuration and says in words what it would change. Changes nothing. Problems come with their path, line and column (422).",
      body: planBody,
      bodyBytesMax,
      examples: { text: { summary: "A small configuration", value: { text: exampleText } } },
      response: planReply,
      responseDescription: "The plan.",
      answer: async ({ body }) => planView(await service.plan(body.text)),
    }),
    served({
      ...shared,
      method: "POST",
      path: "/api/configuration/apply",
      operationId: "applyConfiguration",
      summary: "Bring a configuration into force",
      description:
        "In force in this process when the answer comes, in others within seconds. Requests under way end on the version that they were decided on. Applied on a `base` that is not the newest version any more: 409, nothing changes. The content that is in force already: no new version.",
      body: applyBody,
      bodyBytesMax,
      examples: {
        planned: {
          summary: "What was planned on version 7",
          value: { text: exampleText, base: "7", comment: "support goes to flash" },
        },
        whatever: { summary: "Whatever is in force", value: { text: exampleText } },
      },
      response: appliedReply,
      responseDescription: "What it did.",
      answer: async ({ body: { text, ...options }, principal }) =>
        appliedView(await service.apply(text, { ...present(options), appliedBy: principalName(principal) })),
    }),
    served({
      ...shared,
      method: "POST",
      path: "/api/configuration/rollback",
      operationId: "rollbackConfiguration",
      summary: "Go back to an earlier configuration",
      description:
        "Brings the content of an earlier version into force again, as a new version. A version that does not load any more (a variable that it names is gone, say) is refused with every problem (422).",
      body: rollbackBody,
      examples: {
        back: { summary: "Back to version 6", value: { to: "6", base: "7", comment: "errors since 12:00" } },
      },
      response: appliedReply,
      responseDescription: "What it did.",
      answer: async ({ body: { to, ...options }, principal }) =>
        appliedView(await service.rollback(to, { ...present(options), appliedBy: principalName(principal) })),
    }),
  ];
}

const exampleText = "version: 1\nroutes:\n  support:\n    strategy: { use: support-flash }\n";
