// Reads a folder of images, gives every sample its own random path, and writes what came out.
//
//   augment DATA OUT     DATA holds one folder of images per class; OUT gets one PPM per sample
#include <variegate/auto_aug.h>
#include <variegate/ops.h>
#include <variegate/pipeline.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace ops = vg::ops;

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fprintf(stderr, "usage: augment DATA OUT\n");
    return 2;
  }
  const std::filesystem::path out(argv[2]);
  std::filesystem::create_directories(out);

  const std::vector<vg::Value> file =
      ops::readers::file({.file_root = argv[1], .random_shuffle = true});
  vg::Value image = ops::decoders::image(file[0]);
  image = ops::resize(image, {.size = {160, 160}})[0];
  image = vg::auto_aug::rand_augment(image, 2, 15);
  // A branch is a value: each sample computes the alternative that it takes, and nothing else.
  const vg::Value turn = ops::random::coin_flip({.probability = 0.3});
  const vg::Value angle = ops::random::uniform({.range = {-20, 20}});
  image = vg::select(turn, ops::rotate(image, {.angle = angle, .keep_size = true, .fill_value = 0}),
                     ops::flip(image));

  vg::PipelineOptions options;
  options.batch_size = 4;
  options.num_threads = 2;
  options.seed = 7;
  vg::Pipeline pipeline(options);
  pipeline.set_outputs({image, file[1]});
  for (int step = 0; step < 2; step++) {
    const vg::Batch batch = pipeline.run();
    for (int i = 0; i < batch.size(); i++) {
      const vg::Tensor& pixels = batch.outputs[0].samples[i];
      const std::string name = std::to_string(batch.sample_ids[i]) + ".ppm";
      std::ofstream ppm(out / name, std::ios::binary);
      ppm << "P6\n" << pixels.shape[1] << ' ' << pixels.shape[0] << "\n255\n";
      ppm.write(pixels.as<char>(), pixels.bytes());
      std::printf("%s  class %d  %s\n", name.c_str(), *batch.outputs[1].samples[i].as<int32_t>(),
                  batch.programs[i].text().c_str());
    }
  }
  return 0;
} catch (const vg::Error& error) {
  std::fprintf(stderr, "augment: %s\n", error.what());
  return 1;
}
