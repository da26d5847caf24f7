import { experimentMomentsContract } from "./exposures/experiment-moments.contract.ts";
import { unitPartsContract } from "./exposures/unit-parts.contract.ts";
import { experimentPeriodsContract } from "./exposures/experiment-periods.contract.ts";
import { experimentQuantileContract } from "./exposures/experiment-quantile.contract.ts";
import { formatsAndQuestionsContract } from "./exposures/formats-and-questions.contract.ts";
import { leftOutRequestsContract } from "./exposures/left-out-requests.contract.ts";
import { requestLogContract } from "./store.contract.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import { totalsContract } from "./totals.contract.ts";

requestLogContract("memory", async () => memoryRequestLogStore());
totalsContract("memory", async () => memoryRequestLogStore());
experimentMomentsContract("memory", async () => memoryRequestLogStore());
experimentQuantileContract("memory", async () => memoryRequestLogStore());
unitPartsContract("memory", async () => memoryRequestLogStore());

experimentPeriodsContract("memory", async () => memoryRequestLogStore());
formatsAndQuestionsContract("memory", async () => memoryRequestLogStore());
leftOutRequestsContract("memory", async () => memoryRequestLogStore());
