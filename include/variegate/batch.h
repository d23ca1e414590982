// What a run of a pipeline gives: lists of tensors, and what is known of each sample.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "variegate/export.h"
#include "variegate/tensor.h"

namespace vg {

/// One output of a batch: a tensor per sample.
struct VG_API TensorList {
  std::vector<Tensor> samples;
  DType dtype = DType::None;  ///< known even if there are no samples
  Layout layout;
  bool gpu = false;  ///< the graph asked for a GPU; the data are on the host all the same

  int size() const { return static_cast<int>(samples.size()); }
  /// All shapes are equal.
  bool is_dense() const;
  /// One tensor with a leading axis of samples; shares memory where the samples lie one after
  /// another, else copies. Throws Runtime if shapes differ.
  Tensor as_tensor() const;
};

/// One operation that made a sample, with the parameters that the sample gave it.
struct Operation {
  std::string name;                                                 ///< "rotate"
  std::vector<std::pair<std::string, std::vector<double>>> params;  ///< per-sample ones, by name
  std::string route;  ///< of decoders with device="mixed": "gpu", "host" or "nvjpeg"
};

/// The operations that made a sample, in order.
struct VG_API Program {
  std::vector<Operation> operations;
  std::string text() const;  ///< "rotate(angle=12.3) brightness(brightness=1.4)"
};

/// The programs of the samples of a batch. Each is written out when it is asked for: few are.
class VG_API Programs {
 public:
  struct Steps;
  Programs() = default;
  explicit Programs(std::shared_ptr<const Steps> steps) : steps_(std::move(steps)) {}
  size_t size() const;
  Program at(size_t i) const;  ///< throws Index beyond the last
  Program operator[](size_t i) const { return at(i); }

  class Iterator {
   public:
    Iterator(const Programs& of, size_t i) : of_(&of), i_(i) {}
    Program operator*() const { return of_->at(i_); }
    Iterator& operator++() { return i_++, *this; }
    bool operator==(const Iterator& other) const = default;

   private:
    const Programs* of_;
    size_t i_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  std::shared_ptr<const Steps> steps_;
};

/// A sample that could not be made.
struct SampleError {
  int slot = 0;  ///< place in its batch as scheduled
  uint64_t sample_id = 0;
  uint64_t epoch = 0;
  std::string source;  ///< file, if known
  std::string message;
  int64_t replaced_by = -1;  ///< id whose data took its place (on_error = replace)
};

/// Outputs of one run and what is known of its samples. Valid as long as it is held.
struct VG_API Batch {
  std::vector<TensorList> outputs;
  std::vector<uint64_t> sample_ids;  ///< of the first reader, or the position in the stream
  std::vector<uint64_t> epochs;
  std::vector<char> is_padding;
  std::vector<SampleError> errors;
  Programs programs;  ///< of the samples

  int size() const { return static_cast<int>(sample_ids.size()); }
};

}  // namespace vg
