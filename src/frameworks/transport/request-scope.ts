/** What a call says about itself, beside its messages: it becomes request headers of Signalbox. */
export interface RequestScope {
  /** Whom or what it is for, up to 256 characters: the log and feedback know it under a pseudonym. */
  readonly unit?: string;
  /** The conversation it belongs to. Up to 256 characters. */
  readonly conversation?: string;
  /** Labels kept with the request's record, up to 32; neither names nor values hold commas. */
  readonly labels?: Readonly<Record<string, string>>;
  /** How long the answer is waited for at most, ms, 1 to 3,600,000. */
  readonly deadlineMs?: number;
}

/** What no header can hold, and what parts one label from the next. */
const unwritable = /[^\t\x20-\x7e]|,/;

/**
 * The headers of a scope.
 * @throws TypeError for a label that cannot be written; it names the label, never its value
 */
export function scopeHeaders(scope: RequestScope): Readonly<Record<string, string>> {
  const { unit, conversation, labels, deadlineMs } = scope;
  return {
    ...(unit !== undefined && { "x-signalbox-unit": nameText(unit) }),
    ...(conversation !== undefined && { "x-signalbox-conversation": nameText(conversation) }),
    ...(labels && Object.keys(labels).length > 0 && { "x-signalbox-tags": labelsText(labels) }),
    ...(deadlineMs !== undefined && { "x-signalbox-deadline-ms": String(deadlineMs) }),
  };
}

/** Headers are bytes: a name beyond ASCII goes as its UTF-8, which Signalbox reads. */
function nameText(name: string): string {
  return Buffer.from(name, "utf8").toString("latin1");
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => {
      if (name.includes("=") || unwritable.test(name) || unwritable.test(value)) {
        const shown = JSON.stringify(name.slice(0, 80));
        throw new TypeError(
          `Cannot send label ${shown}: ASCII without commas, and no "=" in its name, is wanted`,
        );
      }
      return `${name}=${value}`;
    })
    .join(",");
}
