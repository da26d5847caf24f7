import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { TimeLimitError, withinTime } from "#adapters/system/within-time.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { redactor, type RedactionSettings } from "#core/redaction/redactor.ts";
// Not by the feature's front door: the log writer's thread has no use for the rest of it.
import type { CapturedContent } from "#features/traffic/captured-content.ts";
import { redacted, type UnredactedContent } from "#features/traffic/unredacted-content.ts";

/** Longest time that redaction of one content may take, ms: records wait meanwhile, and patterns are written by people. */
const redactionMsMax = 150;

/** What is taken out of content, and where further rules are. */
export interface ContentRedaction extends RedactionSettings {
  /** Path of a module whose export `redact` takes a text and gives back what may be stored. */
  readonly hook?: string;
  /** The folder that the path is relative to. */
  readonly hookFolder: string;
}

/** Gives back what may be stored of content; throws, with nothing of the content in the text, where nothing may. */
export type RedactContent = (content: UnredactedContent) => CapturedContent;

/**
 * Redaction as configured.
 * @throws AppError invalid-configuration when the hook's module cannot be loaded or has no function `redact`
 */
export async function contentRedaction(settings: ContentRedaction): Promise<RedactContent> {
  const redact = redactor(settings, settings.hook === undefined ? undefined : await loadedHook(settings));
  // Nobody's patterns run then, and a machine that is busy must not cost the turn of a thread.
  if (takesNothingOut(settings)) return (content) => redacted(content, redact);
  return (content) => {
    try {
      return withinTime(redactionMsMax, () => redacted(content, redact));
    } catch (error) {
      // oxlint-disable-next-line preserve-caught-error -- its message may quote the content, and causes are logged
      throw new Error(`Cannot redact the content of a request: ${reasonOf(error)}`);
    }
  };
}

/** Whether content is kept word for word, but for media. */
export function takesNothingOut({ detect, patterns, hook }: Omit<ContentRedaction, "hookFolder">): boolean {
  return detect.length === 0 && Object.keys(patterns).length === 0 && hook === undefined;
}

/** The error's kind only: its message may quote the content. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "something was thrown that is no error";
  return error instanceof TimeLimitError
    ? `it took longer than ${redactionMsMax} ms`
    : `it failed with ${error.name}`;
}

async function loadedHook({ hook = "", hookFolder }: ContentRedaction): Promise<(text: string) => string> {
  const path = resolve(hookFolder, hook);
  const loaded = await importedModule(path);
  const redact = loaded["redact"];
  if (typeof redact !== "function")
    throw new AppError(
      "invalid-configuration",
      `Cannot use redaction hook "${path}": an exported function redact is wanted, it has ${typeof redact}`,
    );
  return (text) => {
    const clean: unknown = redact(text);
    if (typeof clean === "string") return clean;
    throw new TypeError("A redaction hook gave back no text");
  };
}

async function importedModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // A module is an object of its exports, whatever they are.
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new AppError("invalid-configuration", `Cannot load redaction hook "${path}"`, { cause });
  }
}
