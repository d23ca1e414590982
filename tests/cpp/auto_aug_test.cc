// Automatic augmentation from C++: suites and policies against the record, checks, distributions.
#include "variegate/auto_aug.h"

#include <gmock/gmock.h>

#include <cmath>

#include "golden.h"
#include "run_op.h"
#include "source_dir.h"
#include "variegate/pipeline.h"

namespace vg::auto_aug {
namespace {

using golden::Json;
using testing::HasSubstr;

Json cases(const std::string& group) {
  const auto bytes =
      golden::read_bytes(test::source_dir() + "/tests/golden/auto_aug/" + group + "/cases.json");
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  return Json::parse(text, text + bytes.size()).at("cases");
}

Bounds bounds(const Json& args, const char* name) {
  if (!args.contains(name) || args[name].is_null()) return {};
  return args[name].is_array() ? args[name].get<Bounds>() : Bounds{args[name].get<double>()};
}

void flatten(const Json& value, std::vector<double>& to) {
  if (value.is_array()) {
    for (const Json& v : value) flatten(v, to);
  } else {
    to.push_back(value.is_boolean() ? value.get<bool>() : value.get<double>());
  }
}

/// Name, range, sign and every parameter of an augmentation, as recorded.
void expect_equal(const Augmentation& got, const Json& want) {
  EXPECT_EQ(got.name, want["name"]);
  EXPECT_EQ(got.randomly_negate, want["randomly_negate"]) << got.name;
  ASSERT_EQ(got.mag_range.has_value(), !want["mag_range"].is_null()) << got.name;
  if (!got.mag_range) return;
  EXPECT_FLOAT_EQ(static_cast<float>(got.mag_range->first), want["mag_range"][0].get<float>());
  EXPECT_FLOAT_EQ(static_cast<float>(got.mag_range->second), want["mag_range"][1].get<float>());
  for (const Json& row : want["params"]) {
    const Tensor param = got.mag_to_param(row[2].get<float>());
    std::vector<double> numbers;
    flatten(row[3], numbers);
    ASSERT_EQ(param.shape.elements(), static_cast<int64_t>(numbers.size())) << got.name;
    for (size_t i = 0; i < numbers.size(); i++)
      EXPECT_NEAR(element({param, param.data.get()}, static_cast<int64_t>(i)), numbers[i],
                  1e-5 * std::abs(numbers[i]) + 1e-6)
          << got.name << " at magnitude " << row[2];
  }
}

TEST(AutoAug, SuitesAreAsRecorded) {
  for (const Json& c : cases("suites")) {
    SCOPED_TRACE(c["id"].get<std::string>());
    const Json& args = c["args"];
    const auto suite =
        get_suite(c["op"], args.value("use_shape", false), bounds(args, "max_translate_abs"),
                  bounds(args, "max_translate_rel"));
    // With options the record holds the translations only, which come first.
    ASSERT_EQ(suite.size(), 14u);
    for (size_t i = 0; i < c["augmentations"].size(); i++)
      expect_equal(suite[i], c["augmentations"][i]);
  }
}

TEST(AutoAug, PoliciesAreAsRecorded) {
  for (const Json& c : cases("policies")) {
    SCOPED_TRACE(c["id"].get<std::string>());
    const Json& args = c["args"];
    const Policy policy =
        get_policy(c["op"], args.value("use_shape", false), bounds(args, "max_translate_abs"),
                   bounds(args, "max_translate_rel"));
    EXPECT_EQ(policy.name, c["name"]);
    EXPECT_EQ(policy.num_magnitude_bins, c["num_magnitude_bins"]);
    ASSERT_EQ(policy.sub_policies.size(), c["sub_policies"].size());
    for (size_t i = 0; i < policy.sub_policies.size(); i++) {
      ASSERT_EQ(policy.sub_policies[i].size(), c["sub_policies"][i].size());
      for (size_t k = 0; k < policy.sub_policies[i].size(); k++) {
        const Step& step = policy.sub_policies[i][k];
        const Json& want = c["sub_policies"][i][k];
        EXPECT_EQ(step.augmentation.name, want[0]);
        EXPECT_DOUBLE_EQ(step.probability, want[1].get<double>());
        EXPECT_EQ(step.bin,
                  want[2].is_null() ? std::nullopt : std::optional(want[2].get<int64_t>()));
      }
    }
  }
}

// --------------------------------------------------------------------------------------- checks

Value image() {
  return constant(
      test::tensor<uint8_t>(DType::Uint8, {1, 2, 3}, "HWC", {0, 10, 100, 200, 128, 255}));
}

/// An operation whose program tells which one it is, its bin and its sign: number k has magnitudes
/// 100 (k + 1) + bin.
Augmentation recording(int k, bool negate, int bins = 31) {
  Augmentation a;
  a.name = "recording_" + std::to_string(k);
  a.mag_range = std::pair(100.0 * (k + 1), 100.0 * (k + 1) + bins - 1);
  a.randomly_negate = negate;
  a.op = [](const Value& data, const Value& param, const Extras&) {
    return call("brightness", {data}, {{"brightness", param}})[0];
  };
  return a;
}

std::vector<Augmentation> recorders(int n) {
  std::vector<Augmentation> all;
  for (int k = 0; k < n; k++) all.push_back(recording(k, true));
  return all;
}

std::string refusal(const std::function<void()>& f, ErrorKind kind = ErrorKind::Plain) {
  try {
    f();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), kind) << e.what();
    return e.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(AutoAug, NoOperationsAreTheSameValue) {
  const Value x = image();
  EXPECT_EQ(rand_augment(x, 0, 9), x);
  EXPECT_EQ(apply_rand_augment({}, x, 0, 9), x);
}

TEST(AutoAug, ArgumentsAreChecked) {
  const Value x = image();
  const auto some = recorders(2);
  EXPECT_THAT(refusal([&] { apply_rand_augment(some, x, -1, 9); }), HasSubstr("`n`"));
  EXPECT_THAT(refusal([&] { apply_rand_augment(some, x, 1, 31); }),
              HasSubstr("`[0, 30]` range. Got 31."));
  EXPECT_THAT(refusal([&] { apply_rand_augment(some, x, 1, 0, 0); }),
              HasSubstr("`num_magnitude_bins`"));
  EXPECT_THAT(refusal([&] { apply_rand_augment({}, x, 1, 9); }),
              HasSubstr("cannot be empty, unless n=0"));
  EXPECT_THAT(refusal([&] { apply_trivial_augment({}, x); }), HasSubstr("cannot be empty"));
  EXPECT_THAT(refusal([&] { apply_trivial_augment(some, x, 0); }), HasSubstr("positive integer"));
  EXPECT_THAT(refusal([&] {
                apply_auto_augment({"empty", 11, {}}, x);
              }),
              HasSubstr("Cannot run empty policy"));
  EXPECT_THAT(refusal([&] {
                apply_auto_augment({"odd", 11, {{{some[0], 1.5, 1}}}}, x);
              }),
              HasSubstr("must be a number from `[0, 1]` range. Got `1.5`"));
  EXPECT_THAT(refusal([&] { get_policy("imagenet"); }),
              HasSubstr("reduced_cifar10. Got imagenet."));
  EXPECT_THAT(refusal([&] { augmentation("blur"); }, ErrorKind::Key), HasSubstr("'blur'"));
}

TEST(AutoAug, ExtraArgumentsAreChecked) {
  const Value x = image();
  EXPECT_THAT(refusal([&] {
                apply_rand_augment(recorders(2), x, 1, 9, 31, {}, {{"shade", 1.0}});
              }),
              HasSubstr("The kwarg `shade` is not used"));
  EXPECT_THAT(refusal([&] { apply_trivial_augment(get_suite("trivial_augment_wide", true), x); }),
              HasSubstr("requires `shape` argument"));
  Options o;
  o.excluded = {"translate_x", "blur"};
  EXPECT_THAT(refusal([&] { rand_augment(x, 1, 9, o); }),
              HasSubstr("`blur` was specified in `excluded`"));
  EXPECT_THAT(refusal([&] { get_suite("rand_augment", true, {100}); }),
              HasSubstr("max_translate_abs"));
  EXPECT_THAT(refusal([&] { get_suite("rand_augment", false, {}, {0.5}); }),
              HasSubstr("max_translate_rel"));
  EXPECT_THAT(refusal([&] { get_policy("reduced_image_net", true); }),
              HasSubstr("rely on the image shape"));
}

TEST(AutoAug, AnAugmentationAloneIsChecked) {
  const Augmentation& rotate = augmentation("rotate");
  EXPECT_THAT(refusal([&] { rotate(image(), {}, 31); }), HasSubstr("requires `magnitude_bin`"));
  refusal([&] { rotate(image(), {31, {}, {}}, 31); }, ErrorKind::Index);
  Augmentation uneven = recording(0, false);
  uneven.mag_to_param = [](float m) {
    return test::tensor<float>(DType::Float, {m > 110 ? 2 : 1}, "",
                               m > 110 ? std::vector<float>{m, m} : std::vector<float>{m});
  };
  EXPECT_THAT(refusal([&] {
                uneven(image(), {{}, constant(int32_t{3}), {}}, 31);
              }),
              HasSubstr("same type and shape"));
}

TEST(AutoAug, ANumberForTheBinIsThatBin) {
  const Value x = image();
  auto out =
      test::Evaluator().run({augmentation("brightness")(x, {30, {}, {}}, 31),
                             call("brightness", {x}, {{"brightness", double(1.0f + 0.9f)}})[0]});
  ASSERT_TRUE(out.ok()) << out.failure().message;
  EXPECT_EQ(test::values<uint8_t>((*out)[0]), test::values<uint8_t>((*out)[1]));
}

// -------------------------------------------------------------------------------- distributions

struct Drawn {
  int op, bin;
  bool negated;
};

/// What each of n samples drew, step by step, from plans alone.
std::vector<std::vector<Drawn>> plan(const Value& result, uint64_t n) {
  PipelineOptions o;
  o.batch_size = 1;
  o.seed = 3;
  Pipeline pipe(o);
  pipe.set_outputs({result});
  std::vector<uint64_t> ids(n);
  for (uint64_t i = 0; i < n; i++) ids[i] = i;
  std::vector<std::vector<Drawn>> all;
  for (const Program& program : pipe.plan(ids, 0)) {
    std::vector<Drawn>& to = all.emplace_back();
    for (const Operation& operation : program.operations) {
      const double p = operation.params.at(0).second.at(0);
      const int number = static_cast<int>(std::lround(std::abs(p)));
      to.push_back({number / 100 - 1, number % 100, p < 0});
    }
  }
  return all;
}

double correlation(const std::vector<std::pair<double, double>>& points) {
  double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (auto [x, y] : points) mx += x / double(points.size()), my += y / double(points.size());
  for (auto [x, y] : points) {
    xx += (x - mx) * (x - mx);
    yy += (y - my) * (y - my);
    xy += (x - mx) * (y - my);
  }
  return xy / std::sqrt(xx * yy);
}

constexpr int kSamples = 6000, kOps = 14;

/// Chi-square of counts that should be equal.
double chi_square(const std::vector<int>& counts) {
  double sum = 0;
  const double expected = double(kSamples) / double(counts.size());
  for (int c : counts) sum += (c - expected) * (c - expected) / expected;
  return sum;
}

class AutoAugSeeds : public testing::TestWithParam<std::optional<int64_t>> {};
INSTANTIATE_TEST_SUITE_P(Seeds, AutoAugSeeds,
                         testing::Values(std::optional<int64_t>(), std::optional<int64_t>(42)));

TEST_P(AutoAugSeeds, TrivialAugmentIsUniform) {
  std::vector<int> ops(kOps), bins(31), negated(kOps);
  std::vector<std::pair<double, double>> pairs;
  for (const auto& steps :
       plan(apply_trivial_augment(recorders(kOps), image(), 31, GetParam()), kSamples)) {
    ASSERT_EQ(steps.size(), 1u);
    ops[static_cast<size_t>(steps[0].op)]++;
    bins[static_cast<size_t>(steps[0].bin)]++;
    negated[static_cast<size_t>(steps[0].op)] += steps[0].negated;
    pairs.emplace_back(steps[0].op, steps[0].bin);
  }
  EXPECT_LT(chi_square(ops), 34.5);   // 13 degrees of freedom, 0.1 %
  EXPECT_LT(chi_square(bins), 59.7);  // 30 degrees of freedom, 0.1 %
  EXPECT_LT(std::abs(correlation(pairs)), 0.05);
  for (size_t k = 0; k < kOps; k++) EXPECT_NEAR(negated[k] / double(ops[k]), 0.5, 0.1) << k;
}

TEST_P(AutoAugSeeds, RandAugmentsStepsAreIndependent) {
  std::vector<int> first(kOps), second(kOps);
  std::vector<std::pair<double, double>> ops, signs;
  for (const auto& steps :
       plan(apply_rand_augment(recorders(kOps), image(), 2, 9, 31, GetParam()), kSamples)) {
    ASSERT_EQ(steps.size(), 2u);
    for (const Drawn& d : steps) ASSERT_EQ(d.bin, 9);
    first[static_cast<size_t>(steps[0].op)]++;
    second[static_cast<size_t>(steps[1].op)]++;
    ops.emplace_back(steps[0].op, steps[1].op);
    signs.emplace_back(steps[0].negated, steps[1].negated);
  }
  EXPECT_LT(chi_square(first), 34.5);
  EXPECT_LT(chi_square(second), 34.5);
  EXPECT_LT(std::abs(correlation(ops)), 0.05);
  EXPECT_LT(std::abs(correlation(signs)), 0.05);
}

TEST_P(AutoAugSeeds, AutoAugmentFiresEverySubPolicyAsOftenAsItSays) {
  Policy policy{"four", 31, {}};
  for (int k = 0; k < 4; k++) policy.sub_policies.push_back({{recording(k, true), 0.5, 2 * k}});
  std::vector<int> fired(4), negated(4);
  int idle = 0;
  for (const auto& steps : plan(apply_auto_augment(policy, image(), GetParam()), kSamples)) {
    idle += steps.empty();
    for (const Drawn& d : steps) {
      EXPECT_EQ(d.bin, 2 * d.op);
      fired[static_cast<size_t>(d.op)]++;
      negated[static_cast<size_t>(d.op)] += d.negated;
    }
  }
  EXPECT_NEAR(idle / double(kSamples), 0.5, 0.03);
  for (size_t k = 0; k < 4; k++) {
    EXPECT_NEAR(fired[k] / double(kSamples), 0.125, 0.02);
    EXPECT_NEAR(negated[k] / double(fired[k]), 0.5, 0.1);
  }
}

TEST(AutoAug, StepsOfASubPolicyComeInOrder) {
  Policy policy{"two", 31, {{{recording(0, false), 1, 5}, {recording(1, false), 1, 6}}}};
  for (const auto& steps : plan(apply_auto_augment(policy, image()), 20)) {
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0].op, 0);
    EXPECT_EQ(steps[1].op, 1);
    EXPECT_EQ(steps[1].bin, 6);
  }
}

}  // namespace
}  // namespace vg::auto_aug
