export { startEmbedded, type EmbeddedOptions, type EmbeddedSignalbox } from "./start-embedded.ts";
