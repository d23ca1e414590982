// JPEG files of every kind that libjpeg writes, and what libjpeg reads from them.
#pragma once

#include <csetjmp>
#include <cstdint>
#include <cstdio>  // jpeglib.h needs FILE and size_t
#include <cstdlib>

#include <jpeglib.h>

#include <array>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace vg::jpeg_files {

using File = std::vector<std::byte>;

/// How to make a file.
struct Recipe {
  int width = 64, height = 48, components = 3;
  std::array<int, 3> h{2, 1, 1}, v{2, 1, 1};
  int quality = 90;
  bool optimised = false;  ///< Huffman tables of its own
  unsigned restart_interval = 0;
  bool as_rgb = false;  ///< stored without a change of colours
  bool progressive = false;
  bool one_table = false;  ///< all components use the tables of the first
  unsigned noise = 40;     ///< contrast of the noise on top of smooth colours
  unsigned seed = 1;

  std::string name() const {
    std::string n =
        std::to_string(width) + "x" + std::to_string(height) + " c" + std::to_string(components);
    for (size_t i = 0; i < 3; i++) n += " " + std::to_string(h[i]) + std::to_string(v[i]);
    return n + " q" + std::to_string(quality) + (optimised ? " optimised" : "") + " r" +
           std::to_string(restart_interval) + (as_rgb ? " rgb" : "") + (one_table ? " one" : "");
  }
};

struct Errors : jpeg_error_mgr {
  std::jmp_buf jump;
  Errors() {
    jpeg_std_error(this);
    error_exit = [](j_common_ptr c) { std::longjmp(static_cast<Errors*>(c->err)->jump, 1); };
    output_message = [](j_common_ptr) {};
  }
};

/// Smooth colours with noise and some edges.
inline std::vector<uint8_t> picture(const Recipe& r) {
  std::mt19937 random(r.seed);
  std::vector<uint8_t> pixels(static_cast<size_t>(r.width) * r.height * 3);
  const unsigned a = random() % 7 + 1, b = random() % 5 + 1, edge = random() % 60 + 20;
  for (int y = 0; y < r.height; y++)
    for (int x = 0; x < r.width; x++)
      for (int k = 0; k < 3; k++) {
        const unsigned ux = static_cast<unsigned>(x), uy = static_cast<unsigned>(y);
        unsigned value = (ux * a + uy * b * static_cast<unsigned>(k + 1)) / 4;
        if ((ux / edge + uy / edge) % 2) value += 90;
        if (r.noise) value += random() % r.noise;
        pixels[(static_cast<size_t>(y) * r.width + x) * 3 + k] = static_cast<uint8_t>(value);
      }
  return pixels;
}

/// Encodes `rgb` (its first channel, if the recipe has one component).
inline File encode(const Recipe& r, const std::vector<uint8_t>& rgb) {
  jpeg_compress_struct c{};
  Errors errors;
  c.err = &errors;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  std::vector<uint8_t> row(static_cast<size_t>(r.width) * 3);
  errors.error_exit = [](j_common_ptr) { std::abort(); };  // a recipe that nobody can follow
  jpeg_create_compress(&c);
  jpeg_mem_dest(&c, &bytes, &size);
  c.image_width = static_cast<JDIMENSION>(r.width);
  c.image_height = static_cast<JDIMENSION>(r.height);
  c.input_components = r.components;
  c.in_color_space = r.components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&c);
  if (r.as_rgb) jpeg_set_colorspace(&c, JCS_RGB);
  jpeg_set_quality(&c, r.quality, TRUE);
  for (int i = 0; i < r.components; i++) {
    c.comp_info[i].h_samp_factor = r.h[static_cast<size_t>(i)];
    c.comp_info[i].v_samp_factor = r.v[static_cast<size_t>(i)];
    if (r.one_table) c.comp_info[i].dc_tbl_no = c.comp_info[i].ac_tbl_no = 0;
  }
  c.optimize_coding = r.optimised;
  c.restart_interval = r.restart_interval;
  if (r.progressive) jpeg_simple_progression(&c);
  jpeg_start_compress(&c, TRUE);
  while (c.next_scanline < c.image_height) {
    const uint8_t* from = rgb.data() + static_cast<size_t>(c.next_scanline) * row.size();
    for (size_t x = 0; x < static_cast<size_t>(r.width); x++)
      for (int k = 0; k < r.components; k++)
        row[x * static_cast<size_t>(r.components) + static_cast<size_t>(k)] =
            from[x * 3 + static_cast<size_t>(k)];
    JSAMPROW target = row.data();
    jpeg_write_scanlines(&c, &target, 1);
  }
  jpeg_finish_compress(&c);
  const auto* begin = reinterpret_cast<const std::byte*>(bytes);
  File file(begin, begin + size);
  jpeg_destroy_compress(&c);
  std::free(bytes);
  return file;
}
inline File encode(const Recipe& r) { return encode(r, picture(r)); }

/// What libjpeg-turbo makes of a file.
struct Decoded {
  bool ok = false;
  long warnings = 0;
  int width = 0, height = 0;
  J_COLOR_SPACE stored = JCS_UNKNOWN;
  std::vector<uint8_t> pixels;
  std::vector<std::vector<int16_t>> coefficients;  ///< per component, if they were asked for
};

struct DecodeAs {
  J_COLOR_SPACE space = JCS_RGB;
  bool smooth = true;
  bool coefficients = false;
};

inline void read_coefficients(jpeg_decompress_struct& c, Decoded& out) {
  jvirt_barray_ptr* arrays = jpeg_read_coefficients(&c);
  for (int i = 0; i < c.num_components; i++) {
    const jpeg_component_info& info = c.comp_info[i];
    auto& all = out.coefficients.emplace_back();
    for (JDIMENSION y = 0; y < info.height_in_blocks; y++) {
      JBLOCKARRAY rows =
          c.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&c), arrays[i], y, 1, FALSE);
      const int16_t* row = rows[0][0];
      all.insert(all.end(), row, row + size_t{info.width_in_blocks} * 64);
    }
  }
}

inline void read_pixels(jpeg_decompress_struct& c, Decoded& out) {
  jpeg_start_decompress(&c);
  const size_t row = static_cast<size_t>(c.output_width) * static_cast<size_t>(c.output_components);
  out.pixels.resize(row * c.output_height);
  while (c.output_scanline < c.output_height) {
    JSAMPROW target = out.pixels.data() + row * c.output_scanline;
    jpeg_read_scanlines(&c, &target, 1);
  }
}

inline Decoded decode(std::span<const std::byte> file, const DecodeAs& as = {}) {
  Decoded out;
  jpeg_decompress_struct c{};
  Errors errors;
  c.err = &errors;
  if (setjmp(errors.jump)) {
    out.ok = false;
    jpeg_destroy_decompress(&c);
    return out;
  }
  jpeg_create_decompress(&c);
  jpeg_mem_src(&c, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&c, TRUE);
  out.width = static_cast<int>(c.image_width);
  out.height = static_cast<int>(c.image_height);
  out.stored = c.jpeg_color_space;
  c.out_color_space = as.space;
  c.do_fancy_upsampling = as.smooth;
  if (as.coefficients)
    read_coefficients(c, out);
  else
    read_pixels(c, out);
  jpeg_finish_decompress(&c);
  out.warnings = errors.num_warnings;
  out.ok = true;
  jpeg_destroy_decompress(&c);
  return out;
}

}  // namespace vg::jpeg_files
