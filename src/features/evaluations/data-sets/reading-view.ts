import type { ReadingReport } from "./reading-report.ts";

/** A reading report as programs get it. */
export function readingView(report: ReadingReport) {
  return {
    whole: report.isWhole,
    rows: report.rows,
    items: report.items,
    selected: report.selected,
    passed_over: report.passedOver,
    refused: report.refused,
    first_refused: report.firstRefused,
    made_ids: report.madeIds,
    repeated_rows: report.repeatedRows,
    splits: report.splits,
    missing: report.missing,
    digest: report.digest,
    bytes: report.bytes,
    compressed: report.isCompressed,
    byte_order_mark: report.hasByteOrderMark,
    crlf: report.hasCrLf,
    notes: report.notes,
  };
}
