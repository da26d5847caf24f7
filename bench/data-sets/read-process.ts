import { readDataSet } from "#features/evaluations/index.ts";

/**
 * Reads the data set that its argument names in a process of its own, and tells as JSON what that took: items, refused rows,
 * seconds, and the most memory that the process had, MB.
 */
const [path = ""] = process.argv.slice(2);
const startMs = performance.now();
const reading = readDataSet(path);
let items = 0;
for await (const _item of reading.items) items++;
process.stdout.write(
  JSON.stringify({
    items,
    refused: reading.report().refused.reduce((sum, { count }) => sum + count, 0),
    seconds: (performance.now() - startMs) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1000,
  }),
);
