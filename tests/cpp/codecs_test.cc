// The codecs against recorded decodes, and regions, orientations and types against plain decodes.
#include "io/codecs/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "golden.h"
#include "sha256.h"
#include "source_dir.h"

namespace vg {
namespace {

using golden::Array;
using golden::Json;

const std::filesystem::path kTests = std::filesystem::path(test::source_dir()) / "tests";
const std::filesystem::path kRoot = kTests / "golden";

const Json& cases() {
  static const Json all = Json::parse(std::ifstream(kRoot / "decode" / "cases.json")).at("cases");
  return all;
}

ColorType color_of(const std::string& name) {
  static const std::map<std::string, ColorType> names{{"RGB", ColorType::Rgb},
                                                      {"BGR", ColorType::Bgr},
                                                      {"GRAY", ColorType::Gray},
                                                      {"YCbCr", ColorType::YCbCr},
                                                      {"ANY_DATA", ColorType::Any}};
  return names.at(name);
}

DecodeOptions options_of(const Json& args) {
  static const std::map<std::string, DType> types{{"UINT8", DType::Uint8},
                                                  {"UINT16", DType::Uint16},
                                                  {"INT16", DType::Int16},
                                                  {"FLOAT", DType::Float}};
  DecodeOptions o;
  o.color = color_of(args.value("output_type", args.value("image_type", "RGB")));
  o.adjust_orientation = args.value("adjust_orientation", true);
  o.fast_idct = args.value("use_fast_idct", false);
  if (args.contains("dtype")) {
    const auto found = types.find(args.at("dtype").get<std::string>());
    if (found != types.end()) o.dtype = found->second;
  }
  return o;
}

struct Decoded {
  TensorDesc desc;
  std::vector<std::byte> bytes;
};

Outcome<Decoded> decode_all(std::span<const std::byte> encoded, const DecodeOptions& options = {}) {
  VG_ASSIGN(const ImageInfo info, probe(encoded));
  Decoded d;
  VG_ASSIGN(d.desc, decoded_desc(info, options));
  d.bytes.resize(static_cast<size_t>(d.desc.bytes()));
  VG_TRY(decode(encoded, info, options, d.bytes.data()));
  return d;
}

std::vector<std::byte> encoded_of(const std::string& id) {
  for (const Json& c : cases())
    if (c.at("id") == id) return golden::read_bytes(kRoot / c.at("encoded").get<std::string>());
  ADD_FAILURE() << "no case " << id;
  return {};
}

Decoded must_decode(std::span<const std::byte> encoded, const DecodeOptions& options = {}) {
  auto d = decode_all(encoded, options);
  EXPECT_TRUE(d.ok()) << d.failure().message;
  return d.ok() ? *d : Decoded{};
}

void check_case(const Json& c) {
  const auto encoded = golden::read_bytes(kRoot / c.at("encoded").get<std::string>());
  const auto got = decode_all(encoded, options_of(c.at("args")));
  if (c.contains("error")) {
    // Formats and files that must be refused. What the recorder refused or crashed on beyond them
    // are stored channels, which have an answer here (see StoredChannels).
    const std::string id = c.at("id");
    const bool must = id.starts_with("damaged") || id.starts_with("gif") || id.starts_with("avif");
    EXPECT_FALSE(must && got.ok());
    return;
  }
  ASSERT_TRUE(got.ok()) << got.failure().message;
  const Json& record = c.at("outputs").at(0);
  const Array want = golden::read_array(record, kRoot);
  EXPECT_EQ(got->desc.shape.text(), want.shape.text());
  EXPECT_EQ(got->desc.dtype, want.dtype);
  EXPECT_EQ(got->desc.layout.text(), record.value("layout", ""));
  if (got->desc.shape == want.shape && got->desc.dtype == want.dtype) {
    const Json tolerance = c.value("tolerance", Json::object());
    EXPECT_EQ(golden::difference(want, got->bytes.data(), tolerance.value("max_abs", 0.0),
                                 tolerance.value("mean_abs", 0.0)),
              "");
    // Where both references gave the same bytes for a JPEG, these are the contract.
    const bool same = c.contains("difference") && c.at("difference").at("max") == 0;
    const bool jpeg = c.at("encoded").get<std::string>().ends_with(".jpg");
    EXPECT_TRUE(!same || !jpeg || got->bytes == want.bytes);
  }
}

TEST(Codecs, RecordedDecodes) {
  int count = 0;
  for (const Json& c : cases()) {
    if (c.at("op") != "decoders.image" || c.contains("photo")) continue;
    // JPEG 2000 is not decoded; NamesWhatItRefuses has the message.
    if (c.at("id").get<std::string>().starts_with("jpeg2000")) continue;
    SCOPED_TRACE(c.at("id"));
    check_case(c);
    count++;
  }
  EXPECT_GT(count, 200);
}

TEST(Codecs, RecordedPhotos) {
  for (const Json& c : cases()) {
    if (!c.contains("photo")) continue;
    const auto path = kTests / "photos" / c.at("photo").get<std::string>();
    const auto encoded = golden::read_bytes(path);
    ASSERT_EQ(golden::sha256(encoded), c.at("file_sha256"));
    for (const auto& [kind, form] : c.at("forms").items()) {
      if (kind == "YCbCr") continue;  // within 1, so a hash says nothing
      SCOPED_TRACE(c.at("id").get<std::string>() + " " + kind);
      EXPECT_EQ(golden::sha256(must_decode(encoded, {.color = color_of(kind)}).bytes),
                form.at("sha256"));
    }
  }
}

TEST(Codecs, RecordedShapes) {
  int count = 0;
  for (const Json& c : cases()) {
    const std::string id = c.at("id");
    if (c.at("op") != "peek_image_shape" || id.starts_with("peek.jpeg2000")) continue;
    SCOPED_TRACE(id);
    const auto info = probe(golden::read_bytes(kRoot / c.at("encoded").get<std::string>()));
    count++;
    if (c.contains("error")) {
      EXPECT_FALSE(info.ok());
      continue;
    }
    ASSERT_TRUE(info.ok()) << info.failure().message;
    const auto desc = decoded_desc(*info, options_of(c.at("args")));
    ASSERT_TRUE(desc.ok());
    for (int i = 0; i < 3; i++)
      EXPECT_EQ(desc->shape[i],
                c.at("outputs").at(0).at("values").at(static_cast<size_t>(i)).get<double>());
  }
  EXPECT_GT(count, 90);
}

TEST(Codecs, StoredChannels) {
  const std::map<std::string, int> channels{{"jpeg_gray.any_data", 1},   {"jpeg_420.any_data", 3},
                                            {"jpeg_cmyk.any_data", 4},   {"png_la.any_data", 2},
                                            {"png_16_rgba.any_data", 4}, {"webp_rgba.any_data", 4}};
  for (const auto& [id, count] : channels) {
    SCOPED_TRACE(id);
    EXPECT_EQ(must_decode(encoded_of(id), {.color = ColorType::Any}).desc.shape[2], count);
  }
}

TEST(Codecs, NamesWhatItRefuses) {
  const auto message = [](std::span<const std::byte> encoded, const DecodeOptions& options = {}) {
    const auto got = decode_all(encoded, options);
    return got.ok() ? "" : got.failure().message;
  };
  EXPECT_THAT(message(encoded_of("gif.rgb")), testing::HasSubstr("GIF"));
  EXPECT_THAT(message(encoded_of("avif.rgb")), testing::HasSubstr("AVIF"));
  EXPECT_THAT(message(encoded_of("jpeg2000_lossless.rgb")), testing::HasSubstr("JPEG 2000"));
  EXPECT_THAT(message({}), testing::HasSubstr("empty"));
  EXPECT_THAT(message(encoded_of("damaged.garbage")), testing::HasSubstr("not an image"));
  EXPECT_THAT(message(encoded_of("damaged.jpeg_no_end")), testing::HasSubstr("cut short"));
  const auto jpeg = encoded_of("jpeg_420.rgb");
  EXPECT_THAT(message(jpeg, {.max_pixels = 2239}), testing::HasSubstr("max_pixels = 2239"));
  EXPECT_EQ(message(jpeg, {.max_pixels = 2240}), "");
  EXPECT_THAT(message(jpeg, {.dtype = DType::Bool}), testing::HasSubstr("bool"));
  EXPECT_THAT(message(jpeg, {.region = Region{30, 0, 11, 5}}), testing::HasSubstr("region"));
}

TEST(Codecs, RefusesAnotherImageThanTheProbedOne) {
  auto other = probe(encoded_of("jpeg_1x9_420.rgb"));
  std::vector<std::byte> out(40 * 56 * 3);
  for (const char* id : {"jpeg_420.rgb", "png_rgb.rgb", "bmp_rgb.rgb", "pnm_p6.rgb",
                         "webp_lossy.rgb", "tiff_lzw.rgb"})
    EXPECT_FALSE(decode(encoded_of(id), *other, {}, out.data()).ok()) << id;
}

/// The window of a decoded image, copied pixel by pixel.
std::vector<std::byte> cropped(const Decoded& d, const Region& r) {
  const int64_t pixel = d.desc.shape[2] * size_of(d.desc.dtype), pitch = d.desc.shape[1] * pixel;
  std::vector<std::byte> out;
  for (int64_t y = r.y; y < r.y + r.height; y++) {
    const auto row = d.bytes.begin() + y * pitch + r.x * pixel;
    out.insert(out.end(), row, row + r.width * pixel);
  }
  return out;
}

TEST(Codecs, RegionsEqualDecodeThenCrop) {
  for (const char* id :
       {"jpeg_420.rgb",     "jpeg_422.rgb",    "jpeg_444.rgb",   "jpeg_progressive.rgb",
        "jpeg_restart.rgb", "jpeg_cmyk.rgb",   "jpeg_gray.rgb",  "damaged.jpeg_bad_scan",
        "exif_2.rgb",       "exif_3.rgb",      "exif_4.rgb",     "exif_5.rgb",
        "exif_6.rgb",       "exif_7.rgb",      "exif_8.rgb",     "png_rgba.rgb",
        "png_16_rgb.rgb",   "bmp_palette.rgb", "webp_lossy.rgb", "tiff_palette.rgb",
        "pnm_p4.rgb"}) {
    const auto encoded = encoded_of(id);
    for (const auto& [color, dtype] : {std::pair{ColorType::Rgb, DType::Uint8},
                                       {ColorType::Gray, DType::Uint8},
                                       {ColorType::Bgr, DType::Float},
                                       {ColorType::YCbCr, DType::Uint16}}) {
      DecodeOptions o{.color = color, .dtype = dtype};
      const Decoded whole = must_decode(encoded, o);
      const int64_t h = whole.desc.shape[0], w = whole.desc.shape[1];
      for (int64_t y = 0; y < h; y += 3)
        for (const Region r : {Region{y, 0, 1, w},
                               {y, y % w, h - y, w - y % w},
                               {0, y % 7, y + 1, 5},
                               {y, w - 1, 1, 1},
                               {y / 2, 11, h - y, 17}}) {
          o.region = r;
          ASSERT_EQ(must_decode(encoded, o).bytes, cropped(whole, r))
              << id << " " << r.y << " " << r.x << " " << r.height << " " << r.width;
        }
    }
  }
}

TEST(Codecs, RegionsOfPhotosEqualDecodeThenCrop) {
  std::mt19937 random(7);
  for (const char* name : {"living/bee.jpg", "landscape/mountain.jpg", "landscape/stream.jpg",
                           "object/citrus.jpg"}) {  // 4:2:2, 4:2:0, progressive, 4:4:4
    const auto encoded = golden::read_bytes(kTests / "photos" / "small" / name);
    for (ColorType color : {ColorType::Rgb, ColorType::Gray}) {
      DecodeOptions o{.color = color};
      const Decoded whole = must_decode(encoded, o);
      for (int i = 0; i < 25; i++) {
        const auto span = [&](int64_t size) {
          const int64_t length = 1 + random() % (i % 2 ? size : 40);
          return std::pair<int64_t, int64_t>(random() % (size - length + 1), length);
        };
        const auto [y, height] = span(whole.desc.shape[0]);
        const auto [x, width] = span(whole.desc.shape[1]);
        o.region = Region{y, x, height, width};
        ASSERT_EQ(must_decode(encoded, o).bytes, cropped(whole, *o.region))
            << name << " " << y << " " << x << " " << height << " " << width;
      }
    }
  }
}

TEST(Codecs, EveryTypeCoversItsRange) {
  const std::string text = "P5 2 1 255 ";
  std::vector<std::byte> pgm;
  for (char c : text) pgm.push_back(static_cast<std::byte>(c));
  pgm.push_back(std::byte{0});
  pgm.push_back(std::byte{255});
  const auto last = [&]<class T>(DType dtype, T) {
    const Decoded d = must_decode(pgm, {.color = ColorType::Gray, .dtype = dtype});
    T values[2];
    std::memcpy(values, d.bytes.data(), sizeof values);
    EXPECT_EQ(values[0], T{0});
    return values[1];
  };
  EXPECT_EQ(last(DType::Int8, int8_t{}), INT8_MAX);
  EXPECT_EQ(last(DType::Int32, int32_t{}), INT32_MAX);
  EXPECT_EQ(last(DType::Uint32, uint32_t{}), UINT32_MAX);
  EXPECT_EQ(last(DType::Int64, int64_t{}), INT64_MAX);
  EXPECT_EQ(last(DType::Uint64, uint64_t{}), UINT64_MAX);
  EXPECT_EQ(last(DType::Float64, double{}), 1.0);
  EXPECT_EQ(last(DType::Float16, uint16_t{}), 0x3C00);
}

TEST(Codecs, JpegRoundTripIsNearTheRecord) {
  const Json all =
      Json::parse(std::ifstream(kRoot / "ops" / "jpeg_distortion" / "cases.json")).at("cases");
  for (const Json& c : all) {
    SCOPED_TRACE(c.at("id"));
    const Array in = golden::read_array(c.at("inputs").at(0), kRoot);
    const Array want = golden::read_array(c.at("outputs").at(0), kRoot);
    const int64_t frames = in.shape.ndim() == 4 ? in.shape[0] : 1, n = in.shape.ndim();
    const int64_t h = in.shape[static_cast<int>(n) - 3], w = in.shape[static_cast<int>(n) - 2];
    std::vector<std::byte> got = in.bytes;
    for (int64_t f = 0; f < frames; f++) {
      std::byte* frame = got.data() + f * h * w * 3;
      ASSERT_TRUE(jpeg_roundtrip(frame, h, w, c.at("args").value("quality", 50), frame).ok());
    }
    EXPECT_EQ(golden::difference(want, got.data(), c.at("tolerance").at("max_abs"),
                                 c.at("tolerance").at("mean_abs")),
              "");
  }
}

TEST(Codecs, ThreadsDoNotDisturbEachOther) {
  std::vector<std::vector<std::byte>> files, results;
  for (const char* id :
       {"jpeg_420.rgb", "png_16_rgb.rgb", "webp_lossy.rgb", "tiff_lzw.rgb", "bmp_rgb.rgb",
        "pnm_p6.rgb", "damaged.jpeg_half", "damaged.png_half", "damaged.tiff_half"}) {
    files.push_back(encoded_of(id));
    const auto d = decode_all(files.back());
    results.push_back(d.ok() ? d->bytes : std::vector<std::byte>{});
  }
  std::atomic<int> differing = 0;
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; t++)
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 300; i++) {
        const size_t k = (i + t) % files.size();
        const auto d = decode_all(files[k]);
        differing += (d.ok() ? d->bytes : std::vector<std::byte>{}) != results[k];
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(differing, 0);
}

TEST(Codecs, ListsItsLibraries) {
  std::vector<std::string> formats;
  for (const CodecVersion& v : codec_versions()) {
    formats.push_back(v.format);
    EXPECT_THAT(v.version, testing::MatchesRegex("[0-9]+\\.[0-9.]+")) << v.library;
  }
  EXPECT_THAT(formats, testing::ElementsAre("JPEG", "PNG", "BMP", "PNM", "WebP", "TIFF"));
}

}  // namespace
}  // namespace vg
