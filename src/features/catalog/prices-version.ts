/** The day on which the price table was last checked against its sources; every decision names it. */
export const pricesVersion = "2026-11-25";
