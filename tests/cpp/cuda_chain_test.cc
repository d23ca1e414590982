// Whole images in the memory of a block: batches large enough for it give the bytes of the host,
// whatever the stages, sizes and stores.
#include "device_pipelines.h"

namespace vg {
namespace {

using namespace test;

constexpr int kMany = 64;  // samples from which on a block takes a whole image

Value sized(const Value& image, int64_t height, int64_t width) {
  return call("random_resized_crop", {image}, {{"size", std::vector<int64_t>{height, width}}})[0];
}

Value grey(const Value& image) {
  return call(
      "color_space_conversion", {image},
      {{"image_type", static_cast<int64_t>(0)}, {"output_type", static_cast<int64_t>(2)}})[0];
}

Value steps(Value v, std::initializer_list<std::pair<const char*, ArgMap>> ops,
            const CallOptions& where) {
  for (const auto& [name, args] : ops) v = call(name, {v}, args, where)[0];
  return v;
}

TEST(Chain, AutomaticAugmentationEqualsTheHost) {
  const std::vector<std::pair<int64_t, int64_t>> sizes = {{32, 24}, {33, 17}, {64, 50}, {3, 5}};
  for (const auto& [height, width] : sizes)
    for (int n : {1, 3})
      expect_equal(
          {.batch = kMany}, 2,
          [&, h = height, w = width](const Inputs& in, const CallOptions& where) {
            const Value image = to_device(sized(in.image, h, w), where);
            return std::vector<Value>{normalised(auto_aug::rand_augment(image, n, 15), where)};
          });
  expect_equal({.batch = kMany}, 2, [](const Inputs& in, const CallOptions& where) {
    const Value image = to_device(cropped(in.image), where);
    return std::vector<Value>{auto_aug::auto_augment(image), auto_aug::trivial_augment_wide(image)};
  });
}

TEST(Chain, EveryStoreEqualsTheHost) {
  for (int64_t width : {24, 21})
    for (DType dtype : {DType::Float16, DType::Float})
      for (const char* layout : {"CHW", "HWC"})
        for (int64_t mirror : {0, 1})
          expect_equal({.batch = kMany}, 1, [&](const Inputs& in, const CallOptions& where) {
            const Value image = to_device(sized(in.image, 19, width), where);
            const ArgMap more{{"output_layout", std::string(layout)}, {"mirror", mirror}};
            const Value turned =
                steps(image, {{"rotate", {{"angle", 20.0}, {"keep_size", true}}}}, where);
            return std::vector<Value>{normalised(image, where, dtype, more),
                                      normalised(turned, where, dtype, more)};
          });
}

TEST(Chain, StagesThatMovePixelsFollowEachOther) {
  expect_equal({.batch = kMany}, 2, [](const Inputs& in, const CallOptions& where) {
    const Value image = to_device(sized(in.image, 30, 41), where);
    const ArgMap turn{{"angle", 33.0}, {"keep_size", true}, {"fill_value", 77.0}};
    const ArgMap grow{{"angle", 10.0}};
    const ArgMap near{{"angle", -15.0}, {"interp_type", static_cast<int64_t>(0)}};
    return std::vector<Value>{
        steps(image, {{"rotate", turn}, {"laplacian", {}}}, where),
        steps(image, {{"rotate", turn}, {"rotate", grow}, {"rotate", near}, {"equalize", {}}},
              where),
        steps(image, {{"equalize", {}}, {"rotate", grow}, {"equalize", {}}, {"rotate", near}},
              where)};
  });
}

TEST(Chain, GreyImagesEqualTheHost) {
  expect_equal({.batch = kMany}, 2, [](const Inputs& in, const CallOptions& where) {
    const Value image = to_device(grey(sized(in.image, 23, 31)), where);
    const ArgMap turn{{"angle", 33.0}, {"keep_size", true}};
    return std::vector<Value>{
        steps(image, {{"rotate", turn}, {"equalize", {}}, {"_invert", {}}, {"rotate", turn}},
              where),
        steps(image, {{"_auto_contrast", {}}, {"rotate", turn}, {"contrast", {{"contrast", 1.4}}}},
              where)};
  });
}

TEST(Chain, LargeImagesAreDoneInTiles) {
  expect_equal({.batch = kMany}, 1, [](const Inputs& in, const CallOptions& where) {
    // 270 kB: too much for a block as it is, but not once it is smaller.
    const Value image = to_device(sized(in.image, 300, 300), where);
    const ArgMap turn{{"angle", 5.0}, {"keep_size", true}};
    const ArgMap cut{{"angle", 5.0}, {"size", std::vector<double>{50, 60}}};
    return std::vector<Value>{
        steps(image, {{"rotate", turn}, {"equalize", {}}}, where),
        steps(image, {{"equalize", {}}, {"rotate", cut}, {"_invert", {}}, {"rotate", turn}},
              where)};
  });
}

}  // namespace
}  // namespace vg
