import { detectors, type Detector, type DetectorName } from "./detectors.ts";

/** What is taken out of captured content before it is stored. */
export interface RedactionSettings {
  readonly detect: readonly DetectorName[];
  /** Own patterns by the name that stands in their place: JavaScript regular expressions with the flag `u`. */
  readonly patterns: Readonly<Record<string, string>>;
}

/** Replaces what must not be stored in a text. */
export type Redactor = (text: string) => Redacted;

/** A text after redaction. */
export interface Redacted {
  readonly text: string;
  /** How many pieces were replaced. */
  readonly count: number;
}

/**
 * The redactor of a configuration: every find becomes its detector's name in brackets, such as `[email]`.
 * @param hook further changes of the installation's own, after the patterns; each text it changes counts as one piece
 * @throws SyntaxError when a pattern is no regular expression
 */
export function redactor(settings: RedactionSettings, hook?: (text: string) => string): Redactor {
  const own = Object.entries(settings.patterns).map(([name, pattern]) => ({
    name,
    pattern: new RegExp(pattern, "gu"),
  }));
  const all: readonly Detector[] = [...settings.detect.map((name) => detectors[name]), ...own];
  return (text) => {
    let count = 0;
    let redacted = text;
    for (const { name, pattern, isMeant } of all) {
      redacted = redacted.replaceAll(pattern, (found) => {
        if (found === "" || (isMeant && !isMeant(found))) return found;
        count += 1;
        return `[${name}]`;
      });
    }
    if (!hook) return { text: redacted, count };
    const hooked = hook(redacted);
    return { text: hooked, count: hooked === redacted ? count : count + 1 };
  };
}
