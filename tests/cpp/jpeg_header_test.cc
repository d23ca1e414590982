// What the host reads of JPEG headers, against what libjpeg-turbo reads, and what it leaves to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "cuda/jpeg/header.h"
#include "jpeg_files.h"

namespace vg::cuda::jpeg {
namespace {

using namespace jpeg_files;

/// Where the body of the first segment of a kind begins; 0 if there is none.
size_t body_of(const File& f, uint8_t marker) {
  for (size_t at = 2; at + 4 < f.size();) {
    if (f[at + 1] == std::byte{marker}) return at + 4;
    if (f[at + 1] == std::byte{0xDA}) break;
    at += 2 + (std::to_integer<size_t>(f[at + 2]) << 8 | std::to_integer<size_t>(f[at + 3]));
  }
  return 0;
}

void insert(File& f, size_t at, const std::string& bytes) {
  const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
  f.insert(f.begin() + static_cast<int64_t>(at), begin, begin + bytes.size());
}

std::string reason(const File& f) {
  const auto header = read_header(f);
  return header.ok() ? "" : header.failure().message;
}

TEST(JpegHeader, SaysWhatIsInTheFile) {
  const File f =
      encode({.width = 301, .height = 77, .h = {2, 1, 1}, .v = {1, 1, 1}, .restart_interval = 9});
  const Header h = read_header(f).take();
  EXPECT_EQ(h.width, 301);
  EXPECT_EQ(h.height, 77);
  EXPECT_EQ(h.components, 3);
  EXPECT_EQ(h.component[0].h, 2);
  EXPECT_EQ(h.component[1].h, 1);
  EXPECT_EQ(h.restart_interval, 9u);
  EXPECT_EQ(body_of(f, 0xDA) + 10, h.scan_begin);
  EXPECT_NE(h.component[0].dc.data(), h.component[1].dc.data());
  EXPECT_EQ(h.component[1].dc.data(), h.component[2].dc.data());
  EXPECT_EQ(h.component[0].dc.size(), 16u + 12u);
  EXPECT_EQ(h.component[0].quant.size(), 64u);
}

TEST(JpegHeader, ColoursAreThoseOfLibjpeg) {
  const std::string adobe(
      "\xFF\xEE\x00\x0E"
      "Adobe\x00\x64\x00\x00\x00\x00",
      15);
  int rgb = 0, all = 0;
  for (bool with_jfif : {false, true})
    for (int transform : {-1, 0, 1, 2})
      for (const std::string ids : {"\1\2\3", "RGB", "rgb", "\0\1\2", "\1\2\4"}) {
        File f = encode({.width = 40, .height = 30, .h = {1, 1, 1}, .v = {1, 1, 1}});
        const size_t frame = body_of(f, 0xC0), scan = body_of(f, 0xDA);
        const std::string three = ids.size() == 3 ? ids : std::string("\0\1\2", 3);
        for (size_t i = 0; i < 3; i++)
          f[frame + 6 + 3 * i] = f[scan + 1 + 2 * i] = static_cast<std::byte>(three[i]);
        if (transform >= 0) insert(f, frame - 4, adobe + static_cast<char>(transform));
        if (!with_jfif) f.erase(f.begin() + 2, f.begin() + 20);
        const Decoded reference = decode(f);
        const auto header = read_header(f);
        all++;
        if (!header.ok()) {  // libjpeg warns of it
          EXPECT_GT(reference.warnings, 0) << with_jfif << transform << ids;
          continue;
        }
        EXPECT_EQ(reference.warnings, 0);
        EXPECT_EQ(header->stored_as_rgb, reference.stored == JCS_RGB)
            << with_jfif << transform << ids;
        rgb += header->stored_as_rgb;
      }
  EXPECT_GE(rgb, 6);
  EXPECT_GE(all, 40);
}

TEST(JpegHeader, OtherKindsAreTheHosts) {
  EXPECT_THAT(reason(encode({.progressive = true})), testing::HasSubstr("c2"));
  File f = encode({});
  f[body_of(f, 0xC0)] = std::byte{12};
  EXPECT_EQ(reason(f), "12 bits");
  f = encode({});
  f[body_of(f, 0xC0) + 5] = std::byte{4};
  EXPECT_EQ(reason(f), "4 components");
  f = encode({.h = {3, 1, 1}});
  f[body_of(f, 0xC0) + 10] = std::byte{0x21};
  EXPECT_EQ(reason(f), "a fractional sampling ratio");
  f = encode({});
  f[body_of(f, 0xDA)] = std::byte{1};
  EXPECT_THAT(reason(f), testing::HasSubstr("several scans"));
  f = encode({});
  insert(f, body_of(f, 0xC0) - 4, "junk");
  EXPECT_EQ(reason(f), "bytes between markers");
  EXPECT_EQ(reason({}), "no JPEG file");
}

TEST(JpegHeader, TablesAreThoseThatLibjpegTakes) {
  // Codes that are all ones, more codes than fit, and lengths of DC differences above 15.
  const auto with_counts = [](size_t table, size_t length, int change) {
    File f = encode({});
    size_t at = body_of(f, 0xC4);
    for (size_t k = 0; k < table; k++)
      at += 4 + (std::to_integer<size_t>(f[at - 2]) << 8 | std::to_integer<size_t>(f[at - 1])) - 2;
    f[at + length] = static_cast<std::byte>(std::to_integer<int>(f[at + length]) + change);
    return f;
  };
  for (size_t length = 1; length <= 16; length++)
    for (int change : {-1, 1, 2, 100}) {
      const File f = with_counts(0, length, change);
      EXPECT_FALSE(read_header(f).ok()) << length << " " << change;
      EXPECT_FALSE(decode(f).ok) << length << " " << change;
    }
  File f = encode({});
  f[body_of(f, 0xC4) + 17 + 11] = std::byte{16};
  EXPECT_EQ(reason(f), "a damaged Huffman table");
  EXPECT_FALSE(decode(f).ok);
  f[body_of(f, 0xC4) + 17 + 11] = std::byte{15};
  EXPECT_TRUE(read_header(f).ok());
}

/// Tables are checked once, and then only compared with those of the file before.
TEST(JpegHeader, AGoodFileBeforeHidesNoDamage) {
  const File good = encode({});
  int refused = 0, all = 0;
  for (size_t at = body_of(good, 0xC4); at < body_of(good, 0xDA) - 4; at++)
    for (int flip : {1, 0x80}) {
      File f = good;
      f[at] ^= static_cast<std::byte>(flip);
      std::string alone;
      std::thread([&] { alone = reason(f); }).join();  // which has seen no other
      ASSERT_EQ(reason(good), "");
      ASSERT_EQ(reason(f), alone) << at;
      ASSERT_EQ(reason(f), alone) << at;
      refused += !alone.empty();
      all++;
    }
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, all);
}

TEST(JpegHeader, FillBytesAndExtendedFramesAreFine) {
  File f = encode({});
  insert(f, body_of(f, 0xC0) - 4, "\xFF\xFF\xFF");
  EXPECT_TRUE(read_header(f).ok());
  f[body_of(encode({}), 0xC0) - 3 + 3] = std::byte{0xC1};
  EXPECT_TRUE(read_header(f).ok());
  EXPECT_EQ(decode(f).warnings, 0);
}

}  // namespace
}  // namespace vg::cuda::jpeg
