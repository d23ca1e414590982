// The same decoder on the host and with device = "mixed".
#pragma once

#include "pipelines.h"

namespace vg::test {

inline std::vector<Value> encoded(const Folder& folder, const Setup& s) {
  return call("readers.file", {}, {{"file_root", folder.text()}, {"random_shuffle", s.shuffle}});
}

/// The decoder `name` on the host, or with device = "mixed".
inline Pipeline decoding(const Folder& folder, const Setup& s, bool mixed, const std::string& name,
                         const ArgMap& args, bool augmented) {
  PipelineOptions o = options(s);
  o.device_id = mixed ? 0 : -1;
  Pipeline pipe(o);
  CallOptions where;
  where.device = mixed ? "mixed" : "cpu";
  const auto data = encoded(folder, s);
  Value image = call(name, {data[0]}, args, where)[0];
  if (augmented)
    image = auto_aug::rand_augment(
        call("resize", {image}, {{"size", std::vector<double>{30, 40}}})[0], 2, 9);
  pipe.set_outputs({image, data[1]});
  return pipe;
}

/// A batch, and all else that can be said of it: ids, failures, what took their place.
struct Ran {
  Batch batch;
  std::string story;
};

inline Ran run_once(Pipeline& pipe) {
  Ran ran;
  try {
    ran.batch = pipe.run();
  } catch (const Error& e) {
    ran.story = e.what();
  }
  for (uint64_t id : ran.batch.sample_ids) ran.story += std::to_string(id) + " ";
  for (const SampleError& e : ran.batch.errors)
    ran.story += e.message + " -> " + std::to_string(e.replaced_by) + " ";
  return ran;
}

}  // namespace vg::test
