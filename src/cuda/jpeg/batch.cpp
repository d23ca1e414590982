// Lays the images of a batch out: tables that several share, scratch memory, shares of blocks of
// threads.
#include "cuda/jpeg/batch.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "cuda/jpeg/pixels.h"
#include "cuda/jpeg/unstuff.h"

namespace vg::cuda::jpeg {
namespace {

constexpr int64_t kMaxScanBytes = int64_t{1} << 28;  // positions of bits are 32-bit numbers

template <class T>
T divide_up(T a, T b) {
  return (a + b - 1) / b;
}

/// Hands out scratch memory.
class Scratch {
 public:
  explicit Scratch(int64_t used) : used_(used) {}
  int64_t take(int64_t bytes) {
    const int64_t at = used_;
    used_ += divide_up<int64_t>(bytes, 256) * 256;
    return at;
  }
  int64_t used() const { return used_; }

 private:
  int64_t used_;
};

/// `codes`: as in `Header`.
void complete(HuffmanTable& t, Bytes codes, uint32_t& long_base) {
  uint32_t code = 0, count = 0, first = 1u << kShortBits, last = 0;
  for (uint32_t length = 1; length <= 16; length++) {
    const uint32_t here = u8(codes, length - 1);
    t.counts[length] = static_cast<uint16_t>(here);
    t.first_code[length] = code;
    t.first_symbol[length] = static_cast<uint16_t>(count);
    if (length > kShortBits && here > 0) {
      first = std::min(first, code >> (length - kShortBits));
      last = (code + here - 1) >> (length - kShortBits);
    }
    code = (code + here) << 1;
    count += here;
  }
  std::memcpy(t.symbols, codes.data() + 16, codes.size() - 16);
  t.long_prefix = first;
  t.long_prefixes = first < 1u << kShortBits ? last - first + 1 : 0;
  t.long_base = long_base;
  long_base += t.long_prefixes;
}

bool equal(Bytes a, Bytes b) {
  return a.size() == b.size() &&
         (a.data() == b.data() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// The Huffman tables of an image, in pairs of DC and AC, each pair once.
struct Pairs {
  Bytes table[kMaxTables];
  int32_t tables = 0;
  uint32_t of[3];  ///< by component

  explicit Pairs(const Header& header) {
    for (int i = 0; i < header.components; i++) {
      const Header::Component& c = header.component[static_cast<size_t>(i)];
      int32_t k = 0;
      while (k < tables && !(equal(table[k], c.dc) && equal(table[k + 1], c.ac))) k += 2;
      of[i] = static_cast<uint32_t>(k) / 2;
      if (k < tables) continue;
      table[tables++] = c.dc;
      table[tables++] = c.ac;
    }
  }
  /// Whether their decoding needs the same.
  bool same_tables(const Pairs& other) const {
    return std::equal(table, table + tables, other.table, other.table + other.tables, equal);
  }
  size_t hash() const {
    size_t all = 0;
    for (int32_t k = 0; k < tables; k++)
      all = all * 31 + std::hash<std::string_view>()(
                           {reinterpret_cast<const char*>(table[k].data()), table[k].size()});
    return all;
  }
};

/// The pattern in which an MCU uses its tables.
void choose_pattern(const Pairs& pairs, Image& image) {
  const auto pair = [&](uint32_t block) { return pairs.of[image.mcu[block].component]; };
  for (uint32_t k = 0; k < image.mcu_blocks; k++) image.pattern |= pair(k) << (2 * k);
  const auto repeats = [&](uint32_t period) {
    for (uint32_t k = period; k < image.mcu_blocks; k++)
      if (pair(k) != pair(k - period)) return false;
    return image.mcu_blocks % period == 0;
  };
  image.period = 1;
  while (!repeats(image.period)) image.period++;
}

TableSet make_set(const Pairs& pairs, Scratch& scratch) {
  TableSet set{};
  uint32_t long_base = 0;
  for (; set.tables < pairs.tables; set.tables++)
    complete(set.table[set.tables], pairs.table[set.tables], long_base);
  set.longs = long_base << kLongBits;
  set.place = scratch.take(int64_t{set.multi_size()} * 4 + int64_t{set.shorts_size()} * 2 +
                           int64_t{set.longs} * 2);
  return set;
}

void read_quant(Bytes stored, uint16_t* natural) {
  const bool wide = stored.size() == 128;
  for (size_t k = 0; k < 64; k++)
    natural[kNaturalOrder[k]] = static_cast<uint16_t>(wide ? be16(stored, 2 * k) : u8(stored, k));
}

/// The blocks of a component that pixels [begin, end) of one direction read.
void choose_blocks(int32_t begin, int32_t end, int32_t ratio, bool smooth, int32_t samples,
                   int32_t& first, int32_t& count) {
  const int32_t margin = smooth && ratio > 1 ? 1 : 0;
  const int32_t low = std::max(0, begin / ratio - margin);
  const int32_t high = std::min(samples - 1, (end - 1) / ratio + margin);
  first = low / 8;
  count = high / 8 - first + 1;
}

/// The largest sampling factors.
std::pair<int, int> largest(const Header& header) {
  int h = 1, v = 1;
  for (int i = 0; i < header.components; i++) {
    h = std::max<int>(h, header.component[static_cast<size_t>(i)].h);
    v = std::max<int>(v, header.component[static_cast<size_t>(i)].v);
  }
  return {h, v};
}

void choose_component(const Request& r, const Header::Component& from, int h_max, int v_max,
                      bool needed, const Image& image, Component& c) {
  c.h = from.h;
  c.v = from.v;
  c.across = static_cast<uint8_t>(h_max / from.h);
  c.down = static_cast<uint8_t>(v_max / from.v);
  c.width = divide_up(r.header->width * from.h, h_max);
  c.height = divide_up(r.header->height * from.v, v_max);
  // Libjpeg interpolates these ratios only, and no narrower planes.
  const bool wide = c.width > 2;
  c.smooth = r.smooth && ((c.across == 2 && c.down <= 2 && wide) || (c.across == 1 && c.down == 2));
  if (!needed) return;
  choose_blocks(image.x, image.x + image.width, c.across, c.smooth, c.width, c.block_x, c.blocks_x);
  choose_blocks(image.y, image.y + image.height, c.down, c.smooth, c.height, c.block_y, c.blocks_y);
  c.pitch = 8 * c.blocks_x;
  c.right = std::min(c.width, 8 * (c.block_x + c.blocks_x)) - 1;
  c.bottom = c.height - 1;
}

/// What is needed of the components for the region of `image`.
void choose_components(const Request& r, Image& image) {
  const auto [h_max, v_max] = largest(*r.header);
  for (int i = 0; i < image.components; i++)
    choose_component(r, r.header->component[static_cast<size_t>(i)], h_max, v_max,
                     i == 0 || r.colors != Colors::Gray, image, image.component[i]);
}

/// All of an image but its tables and its place in memory. False: it is the host's.
bool describe(const Request& r, Image& image) {
  const Header& header = *r.header;
  if (r.scan_bytes < 1 || r.scan_bytes > kMaxScanBytes) return false;
  if (header.stored_as_rgb && r.colors == Colors::Gray) return false;
  const Window& w = r.region;
  if (w.x < 0 || w.y < 0 || w.width < 1 || w.height < 1 || w.width > header.width - w.x ||
      w.height > header.height - w.y)
    return false;
  image.scan = r.scan;
  image.scan_bytes = static_cast<uint32_t>(r.scan_bytes);
  image.components = header.components;
  image.stored = header.components == 1 ? Stored::Gray
                 : header.stored_as_rgb ? Stored::Rgb
                                        : Stored::YCbCr;
  image.colors = r.colors;
  image.x = w.x, image.y = w.y;
  image.width = w.width, image.height = w.height;
  image.origin = r.origin;
  image.row_step = r.row_step, image.pixel_step = r.pixel_step;
  const auto [h_max, v_max] = largest(header);
  for (int i = 0; i < header.components; i++) {
    const auto& c = header.component[static_cast<size_t>(i)];
    for (uint8_t y = 0; y < c.v; y++)
      for (uint8_t x = 0; x < c.h; x++)
        image.mcu[image.mcu_blocks++] = {static_cast<uint8_t>(i), x, y};
  }
  image.mcus_x = static_cast<uint32_t>(divide_up(header.width, 8 * h_max));
  image.mcus_y = static_cast<uint32_t>(divide_up(header.height, 8 * v_max));
  const uint32_t mcus = image.mcus_x * image.mcus_y;
  image.blocks = mcus * image.mcu_blocks;
  image.restart_interval = header.restart_interval ? header.restart_interval : mcus;
  image.segments = divide_up(mcus, image.restart_interval);
  // A block takes two bits at least, and a restart marker two bytes: small files of huge images end
  // here.
  if (int64_t{image.blocks} * 2 > r.scan_bytes * 8 || int64_t{image.segments} * 2 > r.scan_bytes)
    return false;
  choose_components(r, image);
  return true;
}

/// Memory for all that is as long as the scan.
void place_scan(Image& image, Scratch& scratch) {
  const uint32_t piece_end = scan_end(image);
  image.chunks = divide_up(piece_end, kChunkBytes);
  image.windows = divide_up(image.scan_bytes * 8, kWindowBits);
  image.tiles = divide_up(image.windows, kTileWindows);
  image.dc_tiles = divide_up(image.mcus_x * image.mcus_y, kDcMcus);
  image.bits = scratch.take(bits_size(image.scan_bytes));
  image.extent = scratch.take(sizeof(Extent));
  image.chunk_found = scratch.take(int64_t{image.chunks} * int64_t{sizeof(ChunkFound)});
  image.segment_starts = scratch.take((int64_t{image.segments} + 1) * 4);
  image.states = scratch.take(int64_t{image.windows} * 2);
  image.counts = scratch.take(int64_t{image.windows} * 2);
  image.numbers = scratch.take(int64_t{image.windows} * 4);
  image.tile_ends = scratch.take(int64_t{image.tiles} * 4);
  image.dc = scratch.take(int64_t{image.blocks} * 4);
  image.dc_tile_sums = scratch.take(int64_t{image.dc_tiles} * 3 * 4);
}

constexpr int64_t kBlockBytes = 128 + 64;  // coefficients and samples

/// Memory for what is as large as the region.
void place_blocks(Image& image, Scratch& scratch) {
  for (int i = 0; i < image.components; i++) {
    Component& c = image.component[i];
    const int64_t blocks = int64_t{c.blocks_x} * c.blocks_y;
    c.coefficients = scratch.take(blocks * 128);
    c.plane = scratch.take(blocks * 64 + 16);  // words around the last sample are read
    c.origin = c.plane - int64_t{c.block_y} * 8 * c.pitch - int64_t{c.block_x} * 8;
  }
}

/// The part of an image whose pixels are the rows [top, bottom) of it.
Image band_of(const Image& whole, const Request& r, int32_t top, int32_t bottom, Scratch& memory) {
  Image band = whole;
  band.goes_on = top > whole.y;
  band.y = top;
  band.height = bottom - top;
  band.origin += (top - whole.y) * whole.row_step;
  choose_components(r, band);
  int32_t first = static_cast<int32_t>(band.mcus_y), end = 0;  // rows of MCUs
  for (int i = 0; i < band.components; i++) {
    const Component& c = band.component[i];
    if (c.blocks_y == 0) continue;
    first = std::min(first, c.block_y / c.v);
    end = std::max(end, (c.block_y + c.blocks_y - 1) / c.v + 1);
  }
  const uint32_t row = band.mcus_x * band.mcu_blocks;
  band.band_begin = static_cast<uint32_t>(first) * row;
  band.band_end = static_cast<uint32_t>(end) * row;
  place_blocks(band, memory);
  return band;
}

/// How many blocks of threads each phase takes for an image.
using Counts = std::array<uint32_t, kPhases>;

Counts counts_of(const Image& image) {
  Counts counts{};
  if (!image.goes_on) {
    counts[kPrepare] = counts[kUnstuff] = image.chunks;
    counts[kArrange] = 1;
    counts[kSynchronise] = image.tiles;
    counts[kJoin] = image.tiles > 1;
    counts[kSumDc] = image.dc_tiles;
    counts[kCarryDc] = image.dc_tiles > 1;
  }
  counts[kWriteBlocks] = divide_up(image.windows, kWriteWindows);
  counts[kTransform] = divide_up(KeptBlock::count(image), kTransformBlocks);
  counts[kColour] = divide_up(Quad::count(image), kQuads);
  return counts;
}

template <class T>
void write_at(std::byte* blob, uint32_t at, std::span<const T> values) {
  if (!values.empty()) std::memcpy(blob + at, values.data(), values.size_bytes());
}

}  // namespace

/// What goes into the blob, of all parts; and the part that is put together.
struct Batch::Building {
  std::vector<Image> images;
  std::vector<Counts> counts;  ///< per image
  std::vector<TableSet> sets;
  std::vector<uint32_t> status;
  size_t bytes = 0;  ///< of the blob

  size_t first_image = 0, first_set = 0;        ///< of the part
  std::vector<Pairs> pairs;                     ///< per set of the part
  std::unordered_map<size_t, uint32_t> set_of;  ///< by hash
  uint32_t last_set = 0;                        ///< of the image before: most have the same
  int64_t scratch = 0;
  Part part{};

  template <class T>
  uint32_t place(size_t count) {
    const size_t at = divide_up(bytes, size_t{256}) * 256;
    bytes = at + count * sizeof(T);
    return static_cast<uint32_t>(at);
  }
  void begin_part() {
    first_image = images.size();
    first_set = sets.size();
    pairs.clear();
    set_of.clear();
    scratch = 0;
    part = {};
  }
  void clear() {
    images.clear();
    counts.clear();
    sets.clear();
    bytes = 0;
    begin_part();
  }
  /// Whether an image of the part has these tables; then they are the last.
  bool knows(const Pairs& wanted) {
    if (pairs.empty()) return false;
    if (wanted.same_tables(pairs[last_set])) return true;
    const auto found = set_of.find(wanted.hash());
    if (found == set_of.end() || !wanted.same_tables(pairs[found->second])) return false;
    last_set = found->second;
    return true;
  }
  void add_set(const Pairs& of, const TableSet& set) {
    last_set = static_cast<uint32_t>(pairs.size());
    set_of[of.hash()] = last_set;
    pairs.push_back(of);
    sets.push_back(set);
    part.counts[kPrepare]++;
    part.tables = std::max(part.tables, set.tables);
    if (set.longs <= kSharedLongs) part.longs = std::max(part.longs, set.longs);
  }
  /// False, and nothing that counts has changed, if there is no room.
  bool add(Image& image, const Pairs& tables, int64_t max_scratch) {
    Scratch memory(scratch);
    const bool known = knows(tables);
    TableSet fresh;
    if (!known) fresh = make_set(tables, memory);
    place_scan(image, memory);
    place_blocks(image, memory);
    if (max_scratch > 0 && memory.used() > max_scratch) return false;
    scratch = memory.used();
    if (!known) add_set(tables, fresh);
    take(image);
    return true;
  }
  void take(const Image& image) {
    images.push_back(image);
    images.back().table_set = last_set;
    counts.push_back(counts_of(image));
    for (int phase = 0; phase < kPhases; phase++) part.counts[phase] += counts.back()[phase];
  }
  /// Most files have the quantisation tables of the file before.
  void read_quants(const Header& header, const Header* before, Image& image) {
    for (size_t i = 0; i < static_cast<size_t>(header.components); i++) {
      const Bytes stored = header.component[i].quant;
      if (before && !images.empty() && equal(stored, before->component[i].quant))
        std::memcpy(image.component[i].quant, images.back().component[i].quant, 128);
      else
        read_quant(stored, image.component[i].quant);
    }
  }
  void write(const Part& p, std::byte* blob) const {
    write_at(blob, p.images, std::span(images).subspan(p.first_image, p.image_count));
    write_at(blob, p.sets, std::span(sets).subspan(p.first_set, p.set_count));
    for (int phase = 0; phase < kPhases; phase++) {
      auto* share = reinterpret_cast<Share*>(blob + p.shares[phase]);
      if (phase == kPrepare)
        for (uint32_t s = 0; s < p.set_count; s++) *share++ = {s, kSet};
      for (uint32_t i = 0; i < p.image_count; i++)
        for (uint32_t k = 0; k < counts[p.first_image + i][phase]; k++) *share++ = {i, k};
    }
  }
};

Batch::Batch() : building_(std::make_unique<Building>()) {}
Batch::Batch(std::span<const Request> requests, int64_t max_scratch) : Batch() {
  lay_out(requests, max_scratch);
}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

int64_t Batch::blob_bytes() const { return static_cast<int64_t>(building_->bytes); }

void Batch::close_part() {
  Building& b = *building_;
  Part part = b.part;
  part.first_image = static_cast<uint32_t>(b.first_image);
  part.image_count = static_cast<uint32_t>(b.images.size() - b.first_image);
  part.first_set = static_cast<uint32_t>(b.first_set);
  part.set_count = static_cast<uint32_t>(b.sets.size() - b.first_set);
  if (part.image_count > 0) {
    part.images = b.place<Image>(part.image_count);
    part.sets = b.place<TableSet>(part.set_count);
    for (int phase = 0; phase < kPhases; phase++)
      part.shares[phase] = b.place<Share>(part.counts[phase]);
    parts_.push_back(part);
  }
  scratch_bytes_ = std::max(scratch_bytes_, b.scratch);
  b.begin_part();
}

/// Bands follow each other as parts, and find what the first of them has left in the memory. They
/// are whole rows of MCUs; those at their edges are decoded for both.
bool Batch::add_in_bands(const Request& request, const Image& image, int64_t max_scratch) {
  Image whole = image;
  const Pairs pairs(*request.header);
  Scratch memory(0);
  const TableSet set = make_set(pairs, memory);
  place_scan(whole, memory);
  int64_t row_bytes = 0;
  for (int i = 0; i < whole.components; i++)
    row_bytes += int64_t{whole.component[i].blocks_x} * whole.component[i].v * kBlockBytes;
  constexpr int64_t kRounding = 6 * 512;  // six pieces of memory
  const int64_t rows = (max_scratch - memory.used() - kRounding) / row_bytes - 2;
  if (rows < 1) return false;
  const int32_t mcu = 8 * largest(*request.header).second;
  const int32_t end = whole.y + whole.height;
  for (int32_t top = whole.y, bottom; top < end; top = bottom) {
    bottom = static_cast<int32_t>(std::min<int64_t>((top / mcu + rows) * mcu, end));
    building_->add_set(pairs, set);
    Scratch rest = memory;
    building_->take(band_of(whole, request, top, bottom, rest));
    building_->scratch = rest.used();
    close_part();
  }
  return true;
}

void Batch::lay_out(std::span<const Request> requests, int64_t max_scratch) {
  Building& b = *building_;
  images_ = static_cast<int64_t>(requests.size());
  scratch_bytes_ = 0;
  parts_.clear();
  b.clear();
  b.status.assign(requests.size(), 0);
  natural_order_ = b.place<uint8_t>(kNaturalOrder.size());
  const Header* before = nullptr;  // of the last image of the blob
  for (size_t i = 0; i < requests.size(); i++) {
    Image image{};
    image.status = static_cast<uint32_t>(i);
    if (!describe(requests[i], image)) {
      b.status[i] = kRefused;
      continue;
    }
    const Pairs pairs(*requests[i].header);
    choose_pattern(pairs, image);
    b.read_quants(*requests[i].header, before, image);
    bool added = b.add(image, pairs, max_scratch);
    if (!added) {
      close_part();
      added = b.add(image, pairs, max_scratch) || add_in_bands(requests[i], image, max_scratch);
    }
    if (added)
      before = requests[i].header;
    else
      b.status[i] = kRefused;
  }
  close_part();
  first_status_ = b.place<uint32_t>(requests.size());
}

void Batch::write(std::byte* blob) const {
  const Building& b = *building_;
  write_at(blob, natural_order_, std::span<const uint8_t>(kNaturalOrder));
  for (const Part& part : parts_) b.write(part, blob);
  write_at(blob, first_status_, std::span<const uint32_t>(b.status));
}

}  // namespace vg::cuda::jpeg
