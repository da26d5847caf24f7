export { unitSums } from "./migrations/0013-experiment-units.ts";
