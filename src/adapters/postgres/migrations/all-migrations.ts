import type { Migration } from "../migration.ts";
import { requestLog } from "./0001-request-log.ts";
import { apiKeys } from "./0002-api-keys.ts";
import { partitionedLog } from "./0003-partitioned-log.ts";
import { feedback } from "./0004-feedback.ts";
import { countedInserts } from "./0005-counted-inserts.ts";
import { configurationVersions } from "./0006-configuration-versions.ts";
import { failuresByRoute } from "./0007-failures-by-route.ts";
import { deploymentStatus } from "./0008-deployment-status.ts";
import { leases } from "./0009-leases.ts";
import { chosenAttempts } from "./0010-chosen-attempts.ts";
import { continuingAttempts } from "./0011-continuing-attempts.ts";
import { resumingAttempts } from "./0012-resuming-attempts.ts";
import { experimentUnits } from "./0013-experiment-units.ts";
import { experiments } from "./0014-experiments.ts";
import { ratedExposures } from "./0015-rated-exposures.ts";
import { requestsOfExperiments } from "./0016-requests-of-experiments.ts";
import { experimentPeriods } from "./0017-experiment-periods.ts";
import { experimentNotifications } from "./0018-experiment-notifications.ts";
import { unitsByName } from "./0019-units-by-name.ts";
import { shadowPairs } from "./0020-shadow-pairs.ts";
import { segmentsOfUnits } from "./0021-segments-of-units.ts";
import { formatsAndQuestions } from "./0022-formats-and-questions.ts";
import { evaluationSpending } from "./0023-evaluation-spending.ts";
import { reviews } from "./0024-reviews.ts";
import { evaluationRuns } from "./0025-evaluation-runs.ts";

/** Every step of the schema, oldest first. To add one: a new file with the next number, and a line at the end here. */
export const allMigrations: readonly Migration[] = [
  requestLog,
  apiKeys,
  partitionedLog,
  feedback,
  countedInserts,
  configurationVersions,
  failuresByRoute,
  deploymentStatus,
  leases,
  chosenAttempts,
  continuingAttempts,
  resumingAttempts,
  experimentUnits,
  experiments,
  ratedExposures,
  requestsOfExperiments,
  experimentPeriods,
  experimentNotifications,
  unitsByName,
  shadowPairs,
  segmentsOfUnits,
  formatsAndQuestions,
  evaluationSpending,
  reviews,
  evaluationRuns,
];
