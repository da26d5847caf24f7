export { viewOfPrompt, viewOfRendered, viewOfVersion } from "./prompt-view.ts";
export {
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
} from "./schema.ts";
export { PromptService, type PromptChanged } from "./service.ts";
