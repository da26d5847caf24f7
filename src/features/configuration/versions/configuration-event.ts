import type { VersionSource } from "./configuration-version.ts";

/** What happens to the configuration. Goes to the log; holds no key. */
export type ConfigurationEvent =
  | {
      readonly kind: "configuration-in-force";
      readonly number: number;
      readonly version: string;
      readonly source: VersionSource;
      readonly appliedBy: string;
      /** Why now: at the start, by a call or a change of the file here, or because another process applied it. */
      readonly why: "start" | "applied" | "followed";
      /** What changed, in words; at most `changesTold` of them. */
      readonly changes: readonly string[];
    }
  /** At a start: the file is as it was when it was last read, and something newer is in force. */
  | {
      readonly kind: "configuration-file-replaced";
      readonly file: string;
      readonly number: number;
      readonly source: VersionSource;
    }
  /** The file is no configuration, or cannot be read; what was in force stays. */
  | { readonly kind: "configuration-file-invalid"; readonly file: string; readonly problem: string }
  /** A version that another process applied cannot be in force here (a variable is missing); what was in force stays. */
  | { readonly kind: "configuration-refused"; readonly number: number; readonly problem: string }
  /** Whether there is something new could not be asked, or noted. */
  | {
      readonly kind: "configuration-store-failed";
      readonly what: "follow" | "observe" | "file";
      readonly error: Error;
    };

/** Changes that one event tells at most. */
export const changesTold = 50;
