import { experimentMomentsContract } from "./experiment-moments.contract.ts";
import { unitPartsContract } from "./unit-parts.contract.ts";
import { experimentPeriodsContract } from "./experiment-periods.contract.ts";
import { experimentQuantileContract } from "./experiment-quantile.contract.ts";
import { leftOutRequestsContract } from "./left-out-requests.contract.ts";
import { requestLogContract } from "./store.contract.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import { totalsContract } from "./totals.contract.ts";

requestLogContract("memory", async () => memoryRequestLogStore());
totalsContract("memory", async () => memoryRequestLogStore());
experimentMomentsContract("memory", async () => memoryRequestLogStore());
experimentQuantileContract("memory", async () => memoryRequestLogStore());
unitPartsContract("memory", async () => memoryRequestLogStore());

experimentPeriodsContract("memory", async () => memoryRequestLogStore());
leftOutRequestsContract("memory", async () => memoryRequestLogStore());
