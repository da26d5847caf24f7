export { dataFormats, dataSchema, optionsOf, type DataSetOptions } from "./data-sets/data-set-options.ts";
export { readDataSet, type DataSetReading } from "./data-sets/read-data-set.ts";
export { readingLines, readingProblems } from "./data-sets/reading-lines.ts";
export { readingView } from "./data-sets/reading-view.ts";
