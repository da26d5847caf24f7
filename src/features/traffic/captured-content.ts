/** What a route let be kept of the content of one request, redacted. */
export interface CapturedContent {
  readonly requestId: string;
  /** What was asked, JSON; cut where `truncated`. */
  readonly request: string;
  /** What was answered, JSON; cut where `truncated`; empty when nothing was. */
  readonly response: string;
  /** Whether one of the two was longer than what is kept. */
  readonly truncated: boolean;
  /** Pieces that redaction replaced. */
  readonly redactions: number;
}
