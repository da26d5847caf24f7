export { SignalboxCallError } from "./call-error.ts";
export {
  createSignalbox,
  type SignalboxProvider,
  type SignalboxProviderSettings,
} from "./create-signalbox.ts";
export type { SignalboxMetadata } from "./provider-metadata.ts";
