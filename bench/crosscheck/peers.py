"""Asks SciPy and statsmodels what bench/crosscheck.ts asks signalbox/statistics.

Reads lines of JSON {"id": method, "input": {...}} and answers each with a line of JSON: numbers by name, or null where the
peer itself fails. The first line answered names the versions.
"""

import json
import math
import sys
import warnings

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import integrate, optimize, special, stats
from statsmodels.stats import contingency_tables, inter_rater, meta_analysis, multitest, power, proportion, weightstats


def bounds(name, pair):
    return {f"{name}Lower": pair[0], f"{name}Upper": pair[1]}


def welch_test(control, treatment, alpha):
    found = stats.ttest_ind(treatment, control, equal_var=False)
    interval = found.confidence_interval(1 - alpha)
    return {
        "statistic": found.statistic,
        "pValue": found.pvalue,
        "degreesOfFreedom": found.df,
        "lower": interval.low,
        "upper": interval.high,
    }


def paired_test(first, second, alpha):
    found = stats.ttest_rel(second, first)
    interval = found.confidence_interval(1 - alpha)
    return {"statistic": found.statistic, "pValue": found.pvalue, "lower": interval.low, "upper": interval.high}


def clustered_mean(items, clusters):
    fitted = sm.OLS(items, np.ones(len(items))).fit(cov_type="cluster", cov_kwds={"groups": np.array(clusters)})
    return {"mean": fitted.params[0], "standardError": fitted.bse[0]}


def equivalence(control, treatment, lower, upper):
    p, (_, p_lower, _), (_, p_upper, _) = weightstats.ttost_ind(treatment, control, lower, upper, usevar="unequal")
    return {"pValue": p, "pLower": p_lower, "pUpper": p_upper}


def heterogeneity(values, errors):
    found = meta_analysis.combine_effects(np.array(values), np.array(errors) ** 2)
    return {
        "pooled": found.mean_effect_fe,
        "error": found.sd_eff_w_fe,
        "statistic": found.q,
        "inconsistency": max(0.0, found.i2),
    }


def one_proportion(successes, trials, alpha):
    figures = {}
    for method in ("wilson", "agresti_coull", "jeffreys", "beta"):
        figures.update(bounds(method, proportion.proportion_confint(successes, trials, alpha, method)))
    return figures


def arms(control, treatment):
    return treatment["successes"], treatment["trials"], control["successes"], control["trials"]


def two_proportions(control, treatment, alpha):
    x2, n2, x1, n1 = arms(control, treatment)
    statistic, p = proportion.proportions_ztest([x2, x1], [n2, n1])
    figures = {"statistic": statistic, "pValue": p}
    for method in ("newcomb", "wald", "agresti-caffo"):
        interval = proportion.confint_proportions_2indep(x2, n2, x1, n1, method=method, compare="diff", alpha=alpha)
        figures.update(bounds(method, interval))
    return figures


def score(control, treatment, difference):
    """The score statistic of a difference, at the likeliest shares that differ by it.

    The likelihood is maximised by SciPy: statsmodels 0.15 has these methods too, but other shares than the likeliest ones where
    the difference is not 0 (at the ends of its intervals the statistic is not the critical value).
    """
    x2, n2, x1, n1 = arms(control, treatment)

    def shares(share):
        return share, share + difference

    def unlikeliness(share):
        one, two = shares(share)
        terms = ((x1, one), (n1 - x1, 1 - one), (x2, two), (n2 - x2, 1 - two))
        return -sum(special.xlogy(count, max(chance, 0)) for count, chance in terms)

    within = (max(0.0, -difference), min(1.0, 1 - difference))
    found = optimize.minimize_scalar(unlikeliness, bounds=within, method="bounded", options={"xatol": 1e-13})
    one, two = shares(found.x)
    variance = one * (1 - one) / n1 + two * (1 - two) / n2
    return (x2 / n2 - x1 / n1 - difference) / math.sqrt(variance)


def score_interval(control, treatment, alpha):
    x2, n2, x1, n1 = arms(control, treatment)
    critical = stats.norm.isf(alpha / 2) * math.sqrt((n1 + n2) / (n1 + n2 - 1))
    seen = x2 / n2 - x1 / n1
    lower = optimize.brentq(lambda d: score(control, treatment, d) - critical, -1 + 1e-9, seen, xtol=1e-13)
    upper = optimize.brentq(lambda d: score(control, treatment, d) + critical, seen, 1 - 1e-9, xtol=1e-13)
    return bounds("score", (lower, upper))


def non_inferior_proportion(control, treatment, margin):
    statistic = score(control, treatment, -margin)
    return {"statistic": statistic, "pValue": stats.norm.sf(statistic)}


def proportion_ratios(control, treatment, alpha):
    x2, n2, x1, n1 = arms(control, treatment)
    table = contingency_tables.Table2x2([[x2, n2 - x2], [x1, n1 - x1]], shift_zeros=False)
    return {
        "odds": table.oddsratio,
        "risk": table.riskratio,
        **bounds("odds", table.oddsratio_confint(alpha)),
        **bounds("risk", table.riskratio_confint(alpha)),
    }


def fisher_exact(table):
    sides = {"pTwoSided": "two-sided", "pLess": "less", "pGreater": "greater"}
    return {name: stats.fisher_exact(table, side)[1] for name, side in sides.items()}


def mcnemar(table):
    plain, corrected = (contingency_tables.mcnemar(table, exact=False, correction=on) for on in (False, True))
    return {
        "pExact": contingency_tables.mcnemar(table, exact=True).pvalue,
        "chiSquare": plain.statistic,
        "pChiSquare": plain.pvalue,
        "chiSquareCorrected": corrected.statistic,
        "pChiSquareCorrected": corrected.pvalue,
    }


def sample_ratio(units, weights):
    expected = np.array(weights) / sum(weights) * sum(units)
    found = stats.chisquare(units, expected)
    return {"chiSquare": found.statistic, "pValue": found.pvalue}


def bayesian_proportions(control, treatment):
    x2, n2, x1, n1 = arms(control, treatment)
    better, other = stats.beta(x2 + 0.5, n2 - x2 + 0.5), stats.beta(x1 + 0.5, n1 - x1 + 0.5)
    around = {"points": list(other.ppf([1e-9, 0.01, 0.5, 0.99, 1 - 1e-9])), "limit": 500, "epsabs": 1e-13}
    chance = integrate.quad(lambda p: better.sf(p) * other.pdf(p), 0, 1, **around)[0]
    # E[max(C - T, 0)] is the integral of P(T <= p) P(C > p).
    loss = integrate.quad(lambda p: better.cdf(p) * other.sf(p), 0, 1, **around)[0]
    return {"chanceToWin": chance, "loss": loss}


def mann_whitney(control, treatment):
    def p(**options):
        return stats.mannwhitneyu(treatment, control, **options).pvalue

    figures = mann_whitney_ties(control, treatment)
    figures["pGreater"] = p(method="asymptotic", alternative="greater")
    figures["pExact"] = p(method="exact")
    return figures


def mann_whitney_ties(control, treatment):
    found = stats.mannwhitneyu(treatment, control, method="asymptotic")
    plain = stats.mannwhitneyu(treatment, control, method="asymptotic", use_continuity=False)
    return {"u": found.statistic, "pValue": found.pvalue, "pUncorrected": plain.pvalue}


def signed_rank(differences):
    return {
        "pValue": stats.wilcoxon(differences, method="asymptotic", correction=False).pvalue,
        "pExact": stats.wilcoxon(differences, method="exact").pvalue,
    }


def multiple_tests(pValues):
    figures = {}
    for method in ("bonferroni", "holm", "hommel", "fdr_bh", "fdr_by"):
        for place, adjusted in enumerate(multitest.multipletests(pValues, method=method)[1]):
            figures[f"{method}{place}"] = adjusted
    return figures


def kappa(table):
    found = inter_rater.cohens_kappa(np.array(table))
    return {"kappa": found.kappa, "standardError": found.std_kappa, "independentError": found.std_kappa0}


def bradley_terry(names, duels):
    place = {name: at for at, name in enumerate(names)}
    design = np.zeros((len(duels), len(names)))
    for row, (first, second, _) in enumerate(duels):
        design[row, place[first]] += 1
        design[row, place[second]] -= 1
    scores = [score for _, _, score in duels]
    fitted = sm.GLM(scores, design[:, 1:], family=sm.families.Binomial()).fit(tol=1e-12, maxiter=200)
    figures = {}
    for name, strength, error in zip(names[1:], fitted.params, fitted.bse):
        figures[f"{name}Strength"] = strength
        figures[f"{name}Error"] = error
    return figures


def normal_power(effect, units, alpha):
    return {"power": power.NormalIndPower().power(effect, units / 2, alpha)}


def student_power(effectSize, control, treatment, alpha):
    return {"power": power.TTestIndPower().power(effectSize, control, alpha, ratio=treatment / control)}


def group_sequential(fractions, bounds):
    times = np.array(fractions)
    covariance = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    # Infinite bounds, and looks at which nothing is spent, leave their statistic free; 40 errors are as good.
    limit = np.minimum(np.array([bound if bound is not None else math.inf for bound in bounds]), 40)
    within = stats.multivariate_normal(cov=covariance, maxpts=20_000_000, abseps=1e-9, releps=1e-9, seed=1)
    return {"spent": 1 - within.cdf(limit, lower_limit=-limit)}


def distributions(p, df, x, a, b):
    return {
        "normalQuantile": special.ndtri(p),
        "normalSurvival": stats.norm.sf(x),
        "studentQuantile": stats.t.ppf(p, df),
        "studentSurvival": stats.t.sf(x, df),
        "chiSquareQuantile": stats.chi2.ppf(p, df),
        "chiSquareSurvival": stats.chi2.sf(x * df, df),
        "betaQuantile": special.betaincinv(a, b, p),
    }


def main():
    warnings.simplefilter("ignore")
    methods = globals()
    print(json.dumps({"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}))
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            found = methods[asked["id"]](**asked["input"])
            print(json.dumps({name: float(value) for name, value in found.items()}))
        except (ValueError, RuntimeError) as error:
            print("null")
            print(f"{asked['id']}: {error}", file=sys.stderr)


main()
