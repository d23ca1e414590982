// Normal and Poisson numbers against the distributions' own definitions.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/distributions.h"
#include "core/philox.h"

namespace vg {
namespace {

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

TEST(Distributions, LogarithmIsThatOfFloats) {
  for (float x = 1e-30f; x < 1e30f; x *= 1.37f)
    EXPECT_NEAR(log_positive(x), std::log(x), 2.5e-7 * std::max(1.0f, std::fabs(std::log(x))));
}

TEST(Distributions, NormalInvertsItsDistribution) {
  double worst = 0;
  for (uint64_t u = 0; u <= 0xFFFFFFFFu; u += u < 5000 || u > 0xFFFFFFFFu - 5000 ? 1 : 65521) {
    const double p = (static_cast<double>(u) + 0.5) * 0x1p-32;
    const double z = normal_from(static_cast<uint32_t>(u));
    const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0));
    // Distance along z: the error of the probability over the slope.
    const double error = p < 0.5 ? normal_cdf(z) - p : (1 - p) - normal_cdf(-z);
    worst = std::max(worst, std::fabs(error / density));
  }
  EXPECT_LT(worst, 3e-6);
  EXPECT_LT(normal_from(0), -6.2f);
  EXPECT_EQ(normal_from(0), -normal_from(0xFFFFFFFFu));
}

/// Of how many of `n` even steps through all random numbers k differs from the exact quantile.
double wrong_share(double mean, int n) {
  std::vector<double> cumulative;
  double term = std::exp(-mean), sum = term;
  for (int k = 1; k < mean + 12 * std::sqrt(mean) + 30; k++) {
    cumulative.push_back(sum);
    sum += term *= mean / k;
  }
  int wrong = 0;
  for (int i = 0; i < n; i++) {
    const auto u = static_cast<uint32_t>((i + 0.5) / n * 0x1p32);
    const double p = (u + 0.5) * 0x1p-32;
    const auto exact =
        std::lower_bound(cumulative.begin(), cumulative.end(), p) - cumulative.begin();
    wrong += poisson_from(u, static_cast<float>(mean)) != static_cast<float>(exact);
  }
  return static_cast<double>(wrong) / n;
}

TEST(Distributions, PoissonInvertsItsDistribution) {
  for (double mean : {0.01, 0.5, 1.0, 3.25, 7.0, 9.875})
    EXPECT_EQ(wrong_share(mean, 20000), 0) << mean;
  for (double mean : {10.0, 12.5, 21.25, 50.0, 255.0})
    EXPECT_LT(wrong_share(mean, 100000), 1e-3) << mean;
  EXPECT_EQ(poisson_from(123456u, 0), 0);
  EXPECT_EQ(poisson_from(123456u, -5), 0);
}

TEST(Distributions, PoissonPassesAChiSquareTest) {
  for (float mean : {0.7f, 4.0f, 10.5f, 30.0f}) {
    const int n = 200000, bins = static_cast<int>(mean + 6 * std::sqrt(mean)) + 3;
    std::vector<double> count(static_cast<size_t>(bins)), expected(count.size());
    for (int i = 0; i < n; i++) {
      const PhiloxBlock block = DrawKey{9}.block(static_cast<uint32_t>(i), {});
      count[std::min(static_cast<size_t>(poisson_from(block[0], mean)), count.size() - 1)]++;
    }
    double term = std::exp(-static_cast<double>(mean)) * n, rest = n;
    for (int k = 0; k < bins; k++, term *= mean / k) {
      expected[static_cast<size_t>(k)] = k == bins - 1 ? rest : term;
      rest -= term;
    }
    double chi = 0, pooled_count = 0, pooled = 0;
    int freedom = -1;
    for (size_t k = 0; k < count.size(); k++) {  // rare values together
      pooled_count += count[k];
      pooled += expected[k];
      if (pooled < 10 && k + 1 < count.size()) continue;
      chi += (pooled_count - pooled) * (pooled_count - pooled) / std::max(pooled, 1.0);
      pooled_count = pooled = 0;
      freedom++;
    }
    EXPECT_LT(chi, freedom + 5 * std::sqrt(2.0 * freedom)) << mean;
  }
}

}  // namespace
}  // namespace vg
