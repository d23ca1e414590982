// The resample family as its formula reads: whole-image passes, one output pixel at a time.
#include <vector>

#include "cpu/resample.h"
#include "ops/resample_arithmetic.h"

namespace vg::cpu {
namespace {

template <class T>
struct Image {
  std::vector<T> pixels;
  int64_t height, width, channels;

  Image(int64_t h, int64_t w, int64_t c)
      : pixels(static_cast<size_t>(h * w * c)), height(h), width(w), channels(c) {}
  T& at(int64_t y, int64_t x, int64_t c) {
    return pixels[static_cast<size_t>((y * width + x) * channels + c)];
  }
};

template <class A, class To, class From>
Image<To> pass(Image<From>& image, const ResampleAxis& axis, bool along_x) {
  AxisWeights<typename A::Weight> weights;
  make_weights(axis, weights);
  Image<To> result(along_x ? image.height : axis.count, along_x ? axis.count : image.width,
                   image.channels);
  for (int64_t y = 0; y < result.height; y++)
    for (int64_t x = 0; x < result.width; x++)
      for (int64_t c = 0; c < result.channels; c++) {
        const int64_t i = along_x ? x : y;
        typename A::Sum sum = 0;
        for (int j = 0; j < weights.count[i]; j++) {
          const int64_t from = weights.first[i] + j;
          sum += term<typename A::Sum>(along_x ? image.at(y, from, c) : image.at(from, x, c)) *
                 weights.of(i)[j];
        }
        result.at(y, x, c) = A::template finish<From, To>(sum);
      }
  return result;
}

template <class A>
Image<typename A::Out> both(Image<typename A::In>& image, const ResampleParams& p) {
  using Mid = typename A::Mid;
  using Out = typename A::Out;
  if (p.y.identity()) return pass<A, Out>(image, p.x, true);
  if (p.x.identity()) return pass<A, Out>(image, p.y, false);
  if (vertical_first(p)) {
    Image<Mid> middle = pass<A, Mid>(image, p.y, false);
    return pass<A, Out>(middle, p.x, true);
  }
  Image<Mid> middle = pass<A, Mid>(image, p.x, true);
  return pass<A, Out>(middle, p.y, false);
}

}  // namespace

void reference_resample(const ResampleJob& job) {
  const ResampleParams& p = job.params;
  const int64_t pixels = p.y.in * p.x.in * job.channels;
  if (is_gather(job.params, job.in, job.out)) {
    std::vector<int32_t> ys, xs;
    make_nearest(p.y, ys);
    make_nearest(p.x, xs);
    const int64_t pixel = size_of(job.in) * job.channels;
    std::byte* to = job.dst;
    for (int64_t unit = 0; unit < job.units; unit++)
      for (int32_t y : ys)
        for (int32_t x : xs)
          for (int64_t b = 0; b < pixel; b++)
            *to++ = job.src[((unit * p.y.in + y) * p.x.in + x) * pixel + b];
    return;
  }
  with_arithmetic(job.in, job.out, p, [&]<class A>(A) {
    const auto* from = reinterpret_cast<const typename A::In*>(job.src);
    auto* to = reinterpret_cast<typename A::Out*>(job.dst);
    for (int64_t unit = 0; unit < job.units; unit++) {
      Image<typename A::In> image(p.y.in, p.x.in, job.channels);
      image.pixels.assign(from + unit * pixels, from + (unit + 1) * pixels);
      const auto result = both<A>(image, p);
      to = std::copy(result.pixels.begin(), result.pixels.end(), to);
    }
  });
}

}  // namespace vg::cpu
