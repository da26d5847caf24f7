/** How requests are summed up for units when they are kept: who leaves some of them out again sums those up alike. */
export { unitSums } from "./migrations/0022-formats-and-questions.ts";
