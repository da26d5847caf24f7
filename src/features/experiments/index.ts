export { analysisHtml } from "./report/analysis-html.ts";
export { analysisLines } from "./report/analysis-lines.ts";
export { analysisMarkdown } from "./report/analysis-markdown.ts";
export { analysisView } from "./report/analysis-view.ts";
export { analyseResults } from "./results-file/analyse-results.ts";
