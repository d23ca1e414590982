// The same pipeline on the host and on a GPU that the host plays.
#pragma once

#include "emulated_machine.h"
#include "pipelines.h"

namespace vg::test {

inline const Folder& any_folder() {
  static const Folder folder;
  return folder;
}

using Build = std::function<std::vector<Value>(const Inputs&, const CallOptions&)>;

/// The outputs of `build` with device "gpu" (and a device) or "cpu".
inline Pipeline make(const Folder& folder, const Setup& s, bool gpu, const Build& build) {
  PipelineOptions o = options(s);
  o.device_id = gpu ? 0 : -1;
  Pipeline pipe(o);
  CallOptions where;
  where.device = gpu ? "gpu" : "cpu";
  pipe.set_outputs(build(read(folder, s.shuffle), where));
  return pipe;
}

inline void expect_equal(const Setup& s, int rounds, const Build& build,
                         const Folder& folder = any_folder()) {
  const cuda::EmulatedGpu gpu;
  Pipeline a = make(folder, s, false, build), b = make(folder, s, true, build);
  for (int i = 0; i < rounds; i++) {
    const Batch host = a.run(), device = b.run();
    ASSERT_EQ(contents(host), contents(device)) << "round " << i;
    ASSERT_EQ(host.sample_ids, device.sample_ids);
    for (size_t k = 0; k < host.programs.size(); k++)
      ASSERT_EQ(host.programs[k].text(), device.programs[k].text());
  }
}

inline Value normalised(const Value& image, const CallOptions& where, DType dtype = DType::Float16,
                        ArgMap more = {}) {
  ArgMap args{{"mean", std::vector<double>{123.7, 116.3, 103.5}},
              {"std", std::vector<double>{58.4, 57.1, 57.4}},
              {"dtype", static_cast<int64_t>(dtype)}};
  args.merge(more);
  return call("crop_mirror_normalize", {image}, args, where)[0];
}

inline Value to_device(const Value& v, const CallOptions& where) {
  return call("copy", {v}, {}, where)[0];
}

}  // namespace vg::test
