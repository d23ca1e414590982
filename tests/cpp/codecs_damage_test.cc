// Damaged files: cut ones fail or decode to the same bytes, changed ones never do harm.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>

#include "golden.h"
#include "io/codecs/codec.h"
#include "source_dir.h"

namespace vg {
namespace {

const std::filesystem::path kRoot = std::filesystem::path(test::source_dir()) / "tests/golden";

/// The files of the record that are whole and of a supported format, by name.
std::map<std::string, std::vector<std::byte>> whole_files() {
  std::map<std::string, std::vector<std::byte>> files;
  std::set<std::string> seen;
  const auto record = golden::Json::parse(std::ifstream(kRoot / "decode/cases.json"));
  for (const auto& c : record.at("cases")) {
    const std::string id = c.at("id");
    if (!c.contains("encoded") || id.starts_with("damaged")) continue;
    const std::string path = c.at("encoded");
    if (!seen.insert(path).second) continue;
    auto bytes = golden::read_bytes(kRoot / path);
    if (probe(bytes).ok()) files[id] = std::move(bytes);
  }
  EXPECT_GT(files.size(), 40u);
  return files;
}

/// Decodes a copy that ends where its memory ends. Nothing if that fails, else the pixels.
std::vector<std::byte> decoded(std::span<const std::byte> encoded, DecodeOptions options = {}) {
  const auto copy = std::make_unique<std::byte[]>(encoded.size());
  std::copy(encoded.begin(), encoded.end(), copy.get());
  const std::span<const std::byte> data(copy.get(), encoded.size());
  options.max_pixels = 1 << 18;
  const auto info = probe(data);
  if (!info.ok()) return {};
  const auto desc = decoded_desc(*info, options);
  if (!desc.ok()) return {};
  std::vector<std::byte> out(static_cast<size_t>(desc->bytes()));
  if (!decode(data, *info, options, out.data()).ok()) return {};
  return out;
}

TEST(CodecsDamage, CutFilesFailOrDecodeToTheSameBytes) {
  for (const auto& [id, file] : whole_files()) {
    if (id.starts_with("pnm_p3") || id.starts_with("pnm_p2")) continue;  // a number may be cut
    const auto whole = decoded(file);
    ASSERT_FALSE(whole.empty()) << id;
    int decodes = 0;
    for (size_t i = 0; i < 40; i++) {
      // Twenty even cuts, and one byte less each of the last twenty bytes.
      const size_t size =
          i < 20 ? file.size() * i / 20 : file.size() - std::min(file.size(), i - 19);
      const auto got = decoded(std::span(file).first(size));
      if (got.empty()) continue;
      EXPECT_EQ(got, whole) << id << " cut to " << size << " of " << file.size() << " bytes";
      decodes++;
    }
    // The last bytes of the other formats are pixels or an end marker.
    const bool may_decode = id.starts_with("tiff") || id.starts_with("webp");
    EXPECT_TRUE(may_decode || decodes == 0) << id;
  }
}

TEST(CodecsDamage, ChangedBytesDoNoHarm) {
  std::mt19937 random(20260101);
  const auto files = whole_files();
  const int rounds = static_cast<int>(4000 / files.size()) + 1;
  int failures = 0, count = 0;
  for (const auto& [id, file] : files)
    for (int round = 0; round < rounds; round++, count++) {
      auto changed = file;
      for (uint32_t flips = 1 + random() % 8; flips > 0; flips--) {
        // Every other flip hits the header, where most decisions are made.
        const size_t within = random() % 2 ? changed.size() : std::min<size_t>(changed.size(), 200);
        changed[random() % within] ^= static_cast<std::byte>(1u << random() % 8);
      }
      if (random() % 4 == 0) changed.resize(random() % changed.size());
      const auto color = static_cast<ColorType>(random() % 5);
      const DType dtype = random() % 2 ? DType::Uint8 : DType::Float;
      failures += decoded(changed, {.color = color, .dtype = dtype}).empty();
    }
  EXPECT_GE(count, 4000);
  EXPECT_GT(failures, count / 10);
  EXPECT_LT(failures, count);
}

}  // namespace
}  // namespace vg
