/** `signalbox/statistics`: how variants compare. Every method refuses in words what cannot be said; none answers NaN. */
export type { Result } from "#core/kernel/result.ts";
export { cohenKappa, type Agreement, type KappaWeights } from "./agreement.ts";
export {
  clusteredMomentsOf,
  designEffect,
  mergedClusteredMoments,
  noClusteredMoments,
  type ClusteredMoments,
  type DesignEffect,
} from "./clusters.ts";
export { bayesianMeans, type BayesianComparison, type ScaledPrior } from "./bayesian-means.ts";
export {
  bayesianProportions,
  type BayesianProportions,
  type ProportionPosterior,
  type RatePosterior,
} from "./bayesian-proportions.ts";
export type { Beta } from "./beta-posterior.ts";
export { achievedPower, additionalShare, type Judgement, type Knowledge } from "./achieved-power.ts";
export { bootstrapRatio, type BootstrapEstimate, type BootstrapTerms } from "./bootstrap-ratio.ts";
export { bradleyTerry, type DuelQuestion, type Strength, type StrengthDifference } from "./bradley-terry.ts";
export { clusteredProportion, type ClusteredProportion } from "./clustered-proportion.ts";
export { confidenceSequence, tunedRho, type Estimate, type SequenceLook } from "./confidence-sequence.ts";
export { covariateBalance, type CovariateBalance } from "./covariate-balance.ts";
export {
  correlationOf,
  covarianceOf,
  crossMomentsFromSums,
  crossMomentsOf,
  mergedCrossMoments,
  noCrossMoments,
  type CrossMoments,
} from "./cross-moments.ts";
export { cupedTest, type AdjustedComparison, type AdjustedDifference } from "./cuped.ts";
export {
  normalTest,
  type DifferenceQuestion,
  type EstimateComparison,
  type RawDifference,
  type Scale,
  type TestedDifference,
} from "./difference.ts";
export { effectSize, type EffectSize } from "./effect-size.ts";
export { eloOf, onlineElo, winProbability, type Duel } from "./elo.ts";
export { fiellerInterval, type RelativeDifference } from "./fieller-interval.ts";
export {
  detectableEffect,
  plannedPower,
  requiredUnits,
  type ExperimentPlan,
  type RequiredUnits,
} from "./experiment-plan.ts";
export { fisherExact, type FisherExact, type Table } from "./fisher-exact.ts";
export {
  groupSequentialBounds,
  groupSequentialLook,
  type SequentialBound,
  type SequentialPlan,
  type SequentialVerdict,
} from "./group-sequential.ts";
export {
  effectHeterogeneity,
  segmentContrasts,
  type Heterogeneity,
  type SegmentContrast,
} from "./heterogeneity.ts";
export type { Alternative, Interval } from "./interval.ts";
export type { JointMetric } from "./joint-metric.ts";
export {
  jointMomentsFromSums,
  jointMomentsOf,
  mergedJointMoments,
  noJointMoments,
  type JointMoments,
} from "./joint-moments.ts";
export { correctedRate, type CorrectedRate, type JudgedRate, type Share } from "./judged-rate.ts";
export {
  correctedUnitsRate,
  judgedSum,
  judgedUnitsOf,
  judgedVariables,
  predictionPoweredUnits,
  type JudgedUnitsQuestion,
} from "./judged-units.ts";
export { mannWhitneyTest } from "./mann-whitney.ts";
export { meanInterval, type MeanEstimate } from "./mean-interval.ts";
export { mcnemarTest, type PairedCounts, type PairedDifference } from "./mcnemar.ts";
export {
  mergedMoments,
  momentsFromSums,
  momentsOf,
  momentsOfProportion,
  noMoments,
  varianceOf,
  type Moments,
} from "./moments.ts";
export { adjustedPValues, preferentialLevels, rejectedByEValues, type Correction } from "./multiplicity.ts";
export { equivalenceTest, nonInferiorMean, nonInferiorProportion } from "./non-inferiority.ts";
export { pairedSample, pairedTest, type PairedComparison } from "./paired-test.ts";
export {
  liftPrior,
  normalPosterior,
  type ExpectedLoss,
  type NormalPosterior,
  type NormalPrior,
} from "./normal-posterior.ts";
export { postStratifiedTest, type StratifiedComparison, type Stratum } from "./post-stratification.ts";
export type { WeightedArm } from "./planned-arms.ts";
export {
  postStratifiedRatioTest,
  type RatioStratum,
  type StratifiedRatioComparison,
} from "./stratified-ratio.ts";
export type { PlannedMetric } from "./planned-metric.ts";
export { pairedVariance, plannedDesignEffect, type SampledAnswers } from "./planned-variance.ts";
export { proportionSequence, type SequenceTerms } from "./proportion-sequence.ts";
export { positionBias, swappedWinRate, type SwappedMean } from "./position-bias.ts";
export {
  predictionPoweredDifference,
  predictionPoweredMean,
  type JudgedSample,
  type PredictionPoweredMean,
} from "./prediction-powered.ts";
export {
  directMethodValue,
  doublyRobustValue,
  inversePropensityValue,
  policyOverlap,
  selfNormalisedValue,
  type LoggedDecision,
  type ModelledDecision,
  type PolicyOverlap,
  type PolicyValue,
} from "./off-policy.ts";
export { oddsRatio, riskRatio, type Ratio } from "./proportion-ratios.ts";
export { proportionUnits, type ProportionUnits } from "./proportion-units.ts";
export {
  agrestiCoullInterval,
  clopperPearsonInterval,
  jeffreysInterval,
  unseenRateBound,
  wilsonInterval,
  type Proportion,
} from "./proportion.ts";
export {
  quantileEstimate,
  quantileEstimateOf,
  quantilePlaces,
  type AroundQuantile,
  type QuantileEstimate,
  type QuantileQuestion,
} from "./quantile-estimate.ts";
export {
  interpolatedQuantile,
  quantileRanks,
  sampleQuantile,
  type RankInterval,
  type SampleQuantile,
} from "./quantile.ts";
export { ratioInterval, type RatioEstimate } from "./ratio-interval.ts";
export { ratioSample } from "./ratio-metric.ts";
export { empiricalBand, quantileCountBound, type BandTerms } from "./quantile-band.ts";
export {
  quantileSequence,
  quantileSequenceTest,
  type QuantileEvidence,
  type QuantileTerms,
} from "./quantile-sequence.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { expectedRunTime, type RunTime } from "./run-time.ts";
export { sampleRatio, type SampleRatio } from "./sample-ratio.ts";
export { sampleRatioSequence, type SampleRatioEvidence } from "./sample-ratio-sequence.ts";
export { sampleOf, type Sample } from "./sample.ts";
export { miettinenNurminenInterval } from "./score-interval.ts";
export { sequentialEstimate, type SequentialEstimate } from "./sequential-estimate.ts";
export { groupSequentialPower, sequentialInflation, type SequentialPower } from "./sequential-power.ts";
export type { Spending } from "./spending.ts";
export { signedRankTest, type SignedRank } from "./signed-rank.ts";
export { stitchedBound } from "./stitched-bound.ts";
export { studentPower, studentUnits, type StudentQuestion } from "./student-power.ts";
export { sumBound, sumEvidence, type SumSteps, type WatchedSum } from "./sum-sequence.ts";
export {
  agrestiCaffoInterval,
  newcombeInterval,
  twoProportionTest,
  waldInterval,
  type ProportionComparison,
  type ProportionDifference,
} from "./two-proportions.ts";
export { welchTest, type MeanComparison, type MeanDifference } from "./welch-test.ts";
