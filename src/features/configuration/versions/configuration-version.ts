/** Where a version came from: the file that Signalbox watches, a call, or a call that went back to an earlier one. */
export const versionSources = ["file", "api", "rollback"] as const;

/** One of them. */
export type VersionSource = (typeof versionSources)[number];

/** A configuration as it was applied. Never changed. Holds no secret: its text names variables, not what they hold. */
export interface ConfigurationVersion extends NewVersion {
  /** 1 for the first one; the next one of an installation has the next number. */
  readonly number: number;
}

/** A version that has no number yet. */
export interface NewVersion {
  /** Hash of what is written, as decisions carry it: 12 hexadecimal digits. Two versions may have the same content. */
  readonly version: string;
  /** signalbox.yaml, as it was applied. */
  readonly text: string;
  /** ms since 1970. */
  readonly appliedAtMs: number;
  /** Who applied it: `admin`, a key's id, `anyone` where no key is needed, `file` for a change of the file. */
  readonly appliedBy: string;
  readonly comment?: string;
  readonly source: VersionSource;
  /** Number of the version that it replaced; absent for the first one. */
  readonly parent?: number;
  /** Of a rollback: number of the version whose content it has again. */
  readonly restores?: number;
}

/** A version by its number or by its hash: the newest of that content. */
export type VersionName = { readonly number: number } | { readonly version: string };

/** Digits of a hash; numbers of versions are shorter. */
const hashLength = 12;

/** Reads the name of a version as a person writes it: `7`, or `3f9a1c7b0d2e`; undefined when it is neither. */
export function versionName(text: string): VersionName | undefined {
  if (text.length === hashLength && /^[0-9a-f]+$/.test(text)) return { version: text };
  return text.length < hashLength && /^[1-9][0-9]*$/.test(text) ? { number: Number(text) } : undefined;
}

/** A version as people are told of it: `7 (3f9a1c7b0d2e)`. */
export function versionText({
  number,
  version,
}: {
  readonly number: number;
  readonly version: string;
}): string {
  return `${number} (${version})`;
}
