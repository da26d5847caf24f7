import type { Statements } from "#adapters/postgres/statements-port.ts";

/** A table that is partitioned by day, with the storage options of its partitions. */
interface DailyTable {
  readonly name: string;
  readonly storage: string;
}

/** Tables that a record is kept in. Totals are written again and again: room in their pages keeps that cheap. */
export const recordTables: readonly DailyTable[] = [
  { name: "requests", storage: "" },
  { name: "attempts", storage: "" },
  { name: "request_minutes", storage: "with (fillfactor = 60)" },
  { name: "unit_totals", storage: "with (fillfactor = 80)" },
];

/** The table of captured content. */
export const contentTables: readonly DailyTable[] = [{ name: "captured_content", storage: "" }];

/** Days that are remembered at most; beyond, all are forgotten and asked for once more. */
const rememberedMax = 1_000;

/**
 * Makes the partitions of days before rows of them come, and remembers them for this process. Without one, rows go to
 * the default partition: a partition that could not be made, or that another process dropped, loses nothing.
 */
export class DayPartitions {
  readonly #statements: Statements;
  readonly #made = new Set<string>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /**
   * Makes what is missing, one table after the other, so that no two are locked together.
   * @param days UTC, `YYYY-MM-DD`
   */
  async make(tables: readonly DailyTable[], days: readonly string[]): Promise<void> {
    for (const { name, storage } of tables) {
      const missing = days.filter((day) => !this.#made.has(`${name} ${day}`));
      if (missing.length === 0) continue;
      await this.#statements.run(
        `select signalbox_day_partition($1, days.day::date, $2)
          from json_array_elements_text($3::text::json) as days (day)`,
        [name, storage, JSON.stringify(missing)],
      );
      if (this.#made.size + missing.length > rememberedMax) this.#made.clear();
      for (const day of missing) this.#made.add(`${name} ${day}`);
    }
  }
}
