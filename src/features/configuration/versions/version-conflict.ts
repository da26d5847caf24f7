import { AppError } from "#core/kernel/app-error.ts";
import {
  versionName,
  versionText,
  type ConfigurationVersion,
  type VersionName,
} from "./configuration-version.ts";
import type { VersionSummary } from "./store.ts";

/** The version that a text names. @throws AppError invalid-request, when it is neither a number nor a hash */
export function readVersionName(text: string): VersionName {
  const name = versionName(text);
  if (name) return name;
  throw new AppError(
    "invalid-request",
    `Cannot find configuration version "${text.slice(0, 40)}": a number or a hash of 12 hexadecimal digits is wanted`,
  );
}

/** Makes sure that a plan's base is still the newest version. @throws AppError conflict; invalid-request */
export function assertBase(base: string, newest: ConfigurationVersion | undefined): void {
  const name = readVersionName(base);
  const isNewest = "number" in name ? newest?.number === name.number : newest?.version === name.version;
  if (!isNewest) throw conflict(`version ${base}`, newest);
}

/** The error of one who was not the first to apply on a version. */
export function staleVersion(
  planned: ConfigurationVersion | undefined,
  newest: ConfigurationVersion | undefined,
): AppError {
  return conflict(planned ? `version ${versionText(planned)}` : "none", newest);
}

/** Whether something thrown is one of these. */
export function isConflict(error: unknown): boolean {
  return error instanceof AppError && error.code === "conflict";
}

/** Who applied a version, and when: `by admin at 2026-11-25T12:00:00.000Z`. */
export function appliedText({ appliedBy, source, appliedAtMs }: VersionSummary): string {
  const by = source === "file" ? "from the file" : `by ${appliedBy}`;
  return `${by} at ${new Date(appliedAtMs).toISOString()}`;
}

function conflict(wanted: string, newest: ConfigurationVersion | undefined): AppError {
  const actual = newest ? `version ${versionText(newest)}, applied ${appliedText(newest)}` : "none";
  return new AppError(
    "conflict",
    `Cannot apply the configuration: ${wanted} is wanted as the newest, it is ${actual}; plan again`,
  );
}
