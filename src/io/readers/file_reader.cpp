// The file reader: a list of files, an order, and one read per sample.
#include "io/readers/file_reader.h"

#include "io/readers/file_set.h"

namespace vg {
namespace {

/// Plain arguments of a source node, by name.
class Given {
 public:
  explicit Given(const Node& node) : node_(node) {}
  bool has(std::string_view name) const { return node_.has(name); }
  template <class T>
  T get(std::string_view name) const {
    const auto* value = std::get_if<T>(node_.arguments.find(ArgName(name))->value);
    return value ? *value : T();
  }
  template <class T>
  std::optional<T> optional(std::string_view name) const {
    return has(name) ? std::optional<T>(get<T>(name)) : std::nullopt;
  }

 private:
  const Node& node_;
};

Failure named(Failure f) {
  f.message = "[readers.file] " + f.message;
  return f;
}

class FileSource : public Source {
 public:
  FileSource(std::unique_ptr<FileSet> files, Sampler sampler, const SamplerOptions& order,
             bool named_shard)
      : files_(std::move(files)),
        sampler_(std::move(sampler)),
        order_(order),
        named_shard_(named_shard) {}

  bool indexed() const override { return true; }
  uint64_t size() const override { return files_->size(); }
  std::string state() const override { return sampler_.state().to_json(); }
  std::optional<ReaderMeta> meta() const override {
    return ReaderMeta{static_cast<int64_t>(sampler_.epoch_size()),
                      static_cast<int64_t>(sampler_.epoch_size_padded()),
                      order_.num_shards,
                      order_.shard_id,
                      order_.pad_last_batch,
                      order_.stick_to_shard};
  }

  Status begin(uint64_t epoch) override {
    sampler_.begin(epoch);
    return {};
  }

  Status set_shard(int64_t shard_id, int64_t num_shards) override {
    if (named_shard_) return {};
    SamplerOptions order = order_;
    order.shard_id = shard_id;
    order.num_shards = num_shards;
    auto sampler = Sampler::make(order);
    if (!sampler.ok()) return named(std::move(sampler.failure()));
    sampler_ = std::move(*sampler);
    order_ = order;
    return {};
  }

  Outcome<EpochRest> rest(const std::string& json, std::optional<uint64_t> epoch) const override {
    VG_ASSIGN(const SamplerState state, SamplerState::from_json(json));
    Sampler there = sampler_;
    VG_TRY(there.seek(state));
    return epoch ? there.rest_of(*epoch) : there.rest_of_epoch();
  }

  Status seek(const std::string& json) override {
    VG_ASSIGN(const SamplerState state, SamplerState::from_json(json));
    Status there = sampler_.seek(state);
    if (!there.ok()) there.failure().kind = ErrorKind::Value;  // a state of other data
    return there;
  }

  Outcome<int> next_batch(int max_size, uint64_t, SourceBatch& batch) override {
    batch.places.resize(static_cast<size_t>(max_size));
    sampler_.next_batch(batch.places);
    return max_size;
  }

  Status load(const SourceBatch*, int, uint64_t id, std::span<Tensor> outputs) const override {
    return load_for(BytesFor::Anybody, {}, id, outputs);
  }
  Status lend(const FileRoom& room, const SourceBatch*, int, uint64_t id,
              std::span<Tensor> outputs) const override {
    return load_for(BytesFor::Operators, room, id, outputs);
  }
  std::span<const std::byte> mapping() const override { return files_->mapping(); }

 private:
  Status load_for(BytesFor use, const FileRoom& room, uint64_t id,
                  std::span<Tensor> outputs) const {
    if (id >= files_->size())
      return fail(ErrorKind::Index, "sample {} does not exist; there are {}", id, files_->size());
    if (Status s = files_->read(id, use, room, outputs[0]); !s.ok()) {
      s.failure().source = files_->name(id);
      return s;
    }
    outputs[0].source = std::make_shared<const std::string>(files_->name(id));
    Tensor& label = outputs[1];
    label = Tensor::allocate({DType::Int32, {1}, {}});
    *label.as<int32_t>() = files_->label(id);
    return {};
  }

  std::unique_ptr<FileSet> files_;
  Sampler sampler_;
  SamplerOptions order_;
  bool named_shard_;  ///< by its arguments
  mutable std::vector<std::atomic<int64_t>>
      sizes_;  ///< by sample, when it was last read; 0: unknown
};

/// The files that the arguments name.
Outcome<std::unique_ptr<FileSet>> files_of(const Given& a) {
  if (a.has("packed")) {
    for (const char* other : {"file_root", "file_list", "files", "labels", "file_filters",
                              "dir_filters", "case_sensitive_filter"})
      if (a.has(other))
        return fail(
            "packed and {} cannot be used together: the packed file has its own names and "
            "labels",
            other);
    return packed_files(a.get<std::string>("packed"));
  }
  FileListOptions list;
  list.file_root = a.optional<std::string>("file_root");
  list.file_list = a.optional<std::string>("file_list");
  list.files = a.optional<std::vector<std::string>>("files");
  list.labels = a.optional<std::vector<int64_t>>("labels");
  list.file_filters = a.optional<std::vector<std::string>>("file_filters");
  list.dir_filters = a.optional<std::vector<std::string>>("dir_filters");
  list.case_sensitive_filter = a.get<bool>("case_sensitive_filter");
  VG_ASSIGN(auto files, list_files(list));
  return listed_files(std::move(files));
}

}  // namespace

Schema reader_arguments() {
  return Schema("", "")
      .arg("random_shuffle", ArgType::Bool, false,
           "a new permutation of all samples in every epoch, the same on all shards")
      .arg("initial_fill", ArgType::Int, int64_t{1024}, "accepted; the shuffle is always global")
      .arg("num_shards", ArgType::Int, int64_t{1}, "number of parts that the data set is read in")
      .arg("shard_id", ArgType::Int, int64_t{0}, "which part, in [0, num_shards)")
      .arg("stick_to_shard", ArgType::Bool, false,
           "without shuffling: never go on to the next shard")
      .arg("pad_last_batch", ArgType::Bool, false,
           "repeat the last sample until all shards and batches are full")
      .arg("read_ahead", ArgType::Bool, false, "accepted; files are read when they are needed")
      .arg("prefetch_queue_depth", ArgType::Int, int64_t{1}, "accepted; the pipeline's own counts")
      .arg("skip_cached_images", ArgType::Bool, false, "accepted; there is no decoder cache")
      .arg("lazy_init", ArgType::Bool, false,
           "accepted; files are listed when the pipeline is built")
      .arg("dont_use_mmap", ArgType::Bool, false, "accepted; files are always read")
      .arg("tensor_init_bytes", ArgType::Int, int64_t{1048576}, "accepted")
      .arg("shuffle_after_epoch", ArgType::Bool, false, "as random_shuffle, with its own seed")
      .arg("shuffle_after_epoch_seed", ArgType::Int, "seed of that shuffle; default: fixed");
}

Schema FileReader::schema() {
  return Schema("readers.file",
                "Reads files: their bytes (uint8, 1-d) and a label (int32, shape (1,)) each. With "
                "file_root the label is the position of the file's folder in byte order.")
      .outputs(2)
      .arg("file_root", ArgType::String, "folder with a folder per class; base of relative names")
      .arg("file_list", ArgType::String, "text file with a name and a label in each line")
      .arg("files", ArgType::Strings, "names of files")
      .arg("labels", ArgType::Ints, "labels of `files`; default: the position in the list")
      .arg("file_filters", ArgType::Strings, "patterns of file names; default: images and sound")
      .arg("dir_filters", ArgType::Strings, "patterns of folder names; default: all")
      .arg("case_sensitive_filter", ArgType::Bool, false, "whether the patterns tell A from a")
      .include(reader_arguments())
      .arg("packed", ArgType::String,
           "a file that `variegate pack` made of a folder or a list, in place of them")
      .source()
      .random()
      .cpu_only()
      .alias("file_reader");
}

Outcome<std::shared_ptr<Source>> FileReader::make_source(const Node& node, uint64_t seed) {
  const Given a(node);
  auto files = files_of(a);
  if (!files.ok()) return named(std::move(files.failure()));
  SamplerOptions order;
  order.samples = (*files)->size();
  order.shard_id = a.get<int64_t>("shard_id");
  order.num_shards = a.get<int64_t>("num_shards");
  order.random_shuffle = a.get<bool>("random_shuffle");
  order.shuffle_after_epoch = a.get<bool>("shuffle_after_epoch");
  order.stick_to_shard = a.get<bool>("stick_to_shard");
  order.pad_last_batch = a.get<bool>("pad_last_batch");
  order.seed = order.shuffle_after_epoch
                   ? static_cast<uint64_t>(a.get<int64_t>("shuffle_after_epoch_seed"))
               : node.options.seed >= 0 ? static_cast<uint64_t>(node.options.seed)
                                        : seed;
  auto sampler = Sampler::make(order);
  if (!sampler.ok()) return named(std::move(sampler.failure()));
  const bool named_shard = a.has("shard_id") || a.has("num_shards");
  return std::shared_ptr<Source>(
      std::make_shared<FileSource>(std::move(*files), std::move(*sampler), order, named_shard));
}

}  // namespace vg
