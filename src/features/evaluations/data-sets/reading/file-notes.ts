/** What is noticed of a file on the way, beside its rows. */
export class FileNotes {
  /** Bytes of its content, after decompression. */
  bytes = 0;
  isCompressed = false;
  hasByteOrderMark = false;
  /** Whether a line ends in CR LF. */
  hasCrLf = false;
  /** What a format has that is not understood, a sentence each. */
  readonly others: string[] = [];
}
