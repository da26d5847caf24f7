import { substituted } from "./substituted.ts";
import type { VertexPlace } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import type { VariableLookup } from "./variable-lookup.ts";
import type { ProviderSettings } from "./schema/provider.ts";
import type { VertexSettings } from "./schema/vertex.ts";
import type { KeyPath } from "./yaml-source.ts";

/** Ids of projects, with the domain that old ones have: https://cloud.google.com/resource-manager/reference/rest/v1/projects, read 2026-11-25 */
const projectPattern = /^[a-z0-9][a-z0-9.:-]{2,62}$/;

/** The variable that Google's own libraries look at first. */
const defaultCredentialsVariable = "GOOGLE_APPLICATION_CREDENTIALS";

interface VertexInput {
  readonly settings: ProviderSettings;
  readonly variable: VariableLookup;
  readonly problems: ProblemList;
}

/** Whose Vertex AI is meant; undefined, with its problems noted, where that is not said rightly. */
export function resolveVertex(
  vertex: VertexSettings,
  input: VertexInput,
  path: KeyPath,
): VertexPlace | undefined {
  noteContradictions(input, path);
  const project = substituted(vertex.project, input, [...path, "vertex", "project"]);
  if (project !== undefined && !projectPattern.test(project)) {
    input.problems.add([...path, "vertex", "project"], {
      wanted: "the id of a Google Cloud project such as my-project",
      actual: JSON.stringify(project.slice(0, 80)),
    });
  }
  const written = vertex.credentials_file;
  const file =
    written === undefined
      ? input.variable(defaultCredentialsVariable)
      : substituted(written, input, [...path, "vertex", "credentials_file"]);
  if (project === undefined || (written !== undefined && file === undefined)) return undefined;
  return { project, location: vertex.location, ...(file !== undefined && { credentialsFile: file }) };
}

function noteContradictions({ settings, problems }: VertexInput, path: KeyPath): void {
  if (settings.dialect !== "gemini") {
    problems.add([...path, "dialect"], {
      wanted: "gemini, which is what Vertex AI speaks",
      ...(settings.dialect !== undefined && { actual: settings.dialect }),
    });
  }
  if (settings.api_key !== undefined) {
    problems.add([...path, "api_key"], {
      wanted: "no key: Vertex AI is called with a token, made from vertex.credentials_file",
      actual: "one",
    });
  }
  if (settings.emulate === "without_key") {
    problems.add([...path, "emulate"], {
      wanted: "always or never: Vertex AI has no key whose absence could be seen",
      actual: settings.emulate,
    });
  }
}

/**
 * Where the paths of Vertex AI's models begin.
 * @param host without a slash at the end; undefined is the location's own
 */
export function vertexBaseUrl({ project, location }: VertexPlace, host = vertexHost(location)): string {
  return `${host}/v1/projects/${project}/locations/${location}/publishers/google`;
}

/**
 * Regions have hosts of their own; global is the plain one; multi-regions are under rep. The same in Google's client:
 * https://github.com/googleapis/js-genai, version 3.3.0, _api_client.ts.
 */
function vertexHost(location: string): string {
  if (location === "global") return "https://aiplatform.googleapis.com";
  if (location === "us" || location === "eu") return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}
