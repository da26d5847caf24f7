import { plainJson } from "#core/kernel/plain-json.ts";
import { present } from "#core/kernel/present.ts";
import {
  exportedView,
  importedView,
  labelBody,
  langChainBody,
  promptChangedView,
  promptDiffQuery,
  promptDiffView,
  promptParams,
  promptsView,
  promptVersionParams,
  promptVersionView,
  promptView,
  publishBody,
  renderBody,
  renderedView,
  viewOfPrompt,
  viewOfRendered,
  viewOfVersion,
  type PromptChanged,
  type PromptService,
} from "#features/prompts/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { principalName } from "#http/principal-name.ts";
import { served } from "#http/served.ts";

/** Largest body with a prompt, bytes. */
const bodyBytesMax = 2 * 1024 * 1024;

const shared = { tag: "Prompts", protection: "admin" } as const;

/** `/api/prompts`: what there is, what it makes of values, and new versions. */
export function promptEndpoints(service: PromptService): readonly ServedEndpoint[] {
  return [
    ...readingEndpoints(service),
    difference(service),
    rendering(service),
    ...changingEndpoints(service),
    ...langChainEndpoints(service),
  ];
}

function readingEndpoints(service: PromptService): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "GET",
      path: "/api/prompts",
      operationId: "listPrompts",
      summary: "List prompts",
      description:
        "Every prompt of the configuration in force, with its versions, its labels and who has it.",
      response: promptsView,
      responseDescription: "The prompts.",
      answer: async () => ({
        prompts: service.list().map((prompt) => viewOfPrompt(prompt, service.variantsOf(prompt.name))),
      }),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/prompts/{name}",
      operationId: "getPrompt",
      summary: "One prompt",
      description: "Its versions, where its labels point, and the variants that have it.",
      params: promptParams,
      response: promptView,
      responseDescription: "The prompt.",
      answer: async ({ params }) =>
        viewOfPrompt(service.prompt(params.name), service.variantsOf(params.name)),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/prompts/{name}/versions/{version}",
      operationId: "getPromptVersion",
      summary: "One version of a prompt",
      description: "What it says as it is written, and the variables that requests must or may bring.",
      params: promptVersionParams,
      response: promptVersionView,
      responseDescription: "The version.",
      answer: async ({ params: { name, version } }) =>
        viewOfVersion(service.version(name, version), service.prompt(name), service.written(name, version)),
    }),
  ];
}

function difference(service: PromptService): ServedEndpoint {
  return served({
    ...shared,
    method: "GET",
    path: "/api/prompts/{name}/diff",
    operationId: "comparePromptVersions",
    summary: "What two versions of a prompt differ in",
    description: "Message by message, then variables and partials; empty where both say the same.",
    params: promptParams,
    query: promptDiffQuery,
    response: promptDiffView,
    responseDescription: "The differences.",
    answer: async ({ params: { name }, query: { from, to } }) => ({
      from: service.version(name, from).version,
      to: service.version(name, to).version,
      changes: [...service.difference(name, from, to)],
    }),
  });
}

function rendering(service: PromptService): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: "/api/prompts/{name}/versions/{version}/render",
    operationId: "renderPrompt",
    summary: "Fill the gaps of a prompt",
    description:
      "The messages that a request with these values would have. Asks no model. A variable that is missing, or that the version does not have: 400, which names all of them.",
    params: promptVersionParams,
    body: renderBody,
    bodyBytesMax,
    examples: {
      question: {
        summary: "One variable, one message",
        value: {
          variables: { product: "Halma" },
          messages: [{ role: "user", content: "Is it waterproof?" }],
        },
      },
    },
    response: renderedView,
    responseDescription: "The messages.",
    answer: async ({ params: { name, version }, body: { variables, messages } }) =>
      viewOfRendered(
        service.render(name, version, {
          variables,
          messages: messages.map(({ role, content }) => ({ role, parts: [{ type: "text", text: content }] })),
        }),
      ),
  });
}

function changingEndpoints(service: PromptService): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "POST",
      path: "/api/prompts/{name}/versions",
      operationId: "publishPrompt",
      summary: "Publish a version of a prompt",
      description:
        "Adds a version with the next number to the configuration in force, and the prompt itself where it is new. A label may go to it at once: variants that name the label have it from then on. Versions never change. One that cannot be read: 422, with every problem.",
      params: promptParams,
      body: publishBody,
      bodyBytesMax,
      examples: {
        version: {
          summary: "A version that a label goes to",
          value: {
            version: {
              messages: [{ system: "You answer questions about {product}." }, { placeholder: "messages" }],
            },
            label: "candidate",
            comment: "first words",
          },
        },
      },
      response: promptChangedView,
      responseDescription: "What changed.",
      answer: async ({ params, body: { version, label, comment }, principal }) =>
        changedView(
          await service.publish(params.name, version, {
            by: principalName(principal),
            ...present({ label, comment }),
          }),
        ),
    }),
    served({
      ...shared,
      method: "POST",
      path: "/api/prompts/{name}/labels",
      operationId: "labelPrompt",
      summary: "Have a label point at a version",
      description:
        "Variants that name the label have that version from then on: a roll-out, or its way back, without a change in any application. A label that there is not is made.",
      params: promptParams,
      body: labelBody,
      examples: {
        move: { summary: "Production goes to version 3", value: { label: "production", version: "3" } },
      },
      response: promptChangedView,
      responseDescription: "What changed.",
      answer: async ({ params, body: { label, version, comment }, principal }) =>
        changedView(
          await service.setLabel(params.name, {
            label,
            version,
            by: principalName(principal),
            ...present({ comment }),
          }),
        ),
    }),
  ];
}

function langChainEndpoints(service: PromptService): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "POST",
      path: "/api/prompts/langchain",
      operationId: "importLangChainPrompt",
      summary: "Read a prompt of LangChain's",
      description:
        "Makes a version of a prompt in LangChain's serialised form. Publishes nothing. What has no counterpart here: 400, which says what.",
      body: langChainBody,
      bodyBytesMax,
      response: importedView,
      responseDescription: "The version.",
      answer: async ({ body }) => ({ version: plainJson(service.imported(body.prompt)) }),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/prompts/{name}/versions/{version}/langchain",
      operationId: "exportLangChainPrompt",
      summary: "A version as LangChain has it",
      description: "In the serialised form that `load` of LangChain.js reads, with what it includes.",
      params: promptVersionParams,
      response: exportedView,
      responseDescription: "The prompt.",
      answer: async ({ params: { name, version } }) => ({
        prompt: plainJson(service.exported(name, version)),
      }),
    }),
  ];
}

function changedView({ changes, ...changed }: PromptChanged) {
  return { ...changed, changes: [...changes] };
}
