// Where the time goes: a few counters that workers add to.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace vg {

/// A worker has its own, in cache lines that no other writes: many of them add for every sample.
struct alignas(128) Timing {
  std::atomic<int64_t> reading{0}, decoding{0}, pixels{0}, total{0}, idle{0}, waited{0},
      submitting{0}, asking{0};  // ns
  std::atomic<uint64_t> samples{0}, batches{0}, decoded{0};

  Timing& operator+=(const Timing& other) {
    const auto add = [](auto& to, const auto& from) { to += from.load(std::memory_order_relaxed); };
    add(reading, other.reading), add(decoding, other.decoding), add(pixels, other.pixels);
    add(total, other.total), add(idle, other.idle), add(waited, other.waited);
    add(submitting, other.submitting), add(asking, other.asking);
    add(samples, other.samples), add(batches, other.batches), add(decoded, other.decoded);
    return *this;
  }
};

/// Adds the time of its life to a counter.
class Stopwatch {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Stopwatch(std::atomic<int64_t>& counter) : counter_(counter), start_(Clock::now()) {}
  ~Stopwatch() {
    counter_.fetch_add(
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_).count(),
        std::memory_order_relaxed);
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::atomic<int64_t>& counter_;
  Clock::time_point start_;
};

}  // namespace vg
