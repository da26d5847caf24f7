import type { PseudonymKind } from "#core/kernel/pseudonym.ts";

/** What an experiment randomises: whom requests are for, their session or conversation, or the value of one of their tags. */
export type ExperimentUnit = "user" | "session" | "conversation" | { readonly tag: string };

/** The unit of a request, as an experiment asks for it. */
export interface FoundUnit {
  /** As clients name it: for hashes, and to be hidden before anything is kept. */
  readonly name: string;
  /** What it is to be hidden as. */
  readonly kind: PseudonymKind;
  /** Whether later requests can be of the same unit: false where the request has none, and is one by itself. */
  readonly stable: boolean;
}
