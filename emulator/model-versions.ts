/** What models call themselves in their answers, where that is not their own name: versions that changed silently. */
export interface ModelVersions {
  /** From now on the model reports this version. Throws RangeError beyond the bound. */
  report(model: string, version: string): void;
  /** The version that a model reports; its name unless told otherwise. */
  of(model: string): string;
  all(): Readonly<Record<string, string>>;
  /** Every model reports its own name again. */
  clear(): void;
}

const versionsMax = 1000;

/** No version is told yet. */
export function createModelVersions(): ModelVersions {
  const versions = new Map<string, string>();
  return {
    report(model, version) {
      if (!versions.has(model) && versions.size >= versionsMax)
        throw new RangeError(`Cannot report another version: at most ${versionsMax} models have one`);
      versions.set(model, version);
    },
    of: (model) => versions.get(model) ?? model,
    all: () => Object.fromEntries(versions),
    clear: () => versions.clear(),
  };
}
