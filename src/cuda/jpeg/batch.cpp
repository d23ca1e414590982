// Lays the images of a batch out: tables that several share, scratch memory, shares of blocks of
// threads.
#include "cuda/jpeg/batch.h"

#include <algorithm>
#include <cstring>
#include <string>
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

void complete(HuffmanTable& t, const HuffmanCodes& codes, uint32_t& long_base) {
  uint32_t code = 0, count = 0, first = 1u << kShortBits, last = 0;
  for (uint32_t length = 1; length <= 16; length++) {
    const uint32_t here = codes.counts[length];
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
  std::copy(codes.symbols.begin(), codes.symbols.end(), t.symbols);
  t.long_prefix = first;
  t.long_prefixes = first < 1u << kShortBits ? last - first + 1 : 0;
  t.long_base = long_base;
  long_base += t.long_prefixes;
}

/// What a request becomes before it is known whether its part has room for it.
struct Draft {
  Image image{};
  const HuffmanCodes* codes[kMaxTables];
  int32_t tables = 0;
  std::string key;  ///< equal codes have equal keys
};

/// The pairs of tables of an image, each once, and the pattern in which an MCU uses them.
void choose_tables(const Header& header, Draft& draft) {
  Image& image = draft.image;
  uint32_t pair_of[3];
  for (int i = 0; i < header.components; i++) {
    const auto& c = header.component[static_cast<size_t>(i)];
    const HuffmanCodes &dc = header.dc_codes[c.dc], &ac = header.ac_codes[c.ac];
    int32_t k = 0;
    while (k < draft.tables && !(*draft.codes[k] == dc && *draft.codes[k + 1] == ac)) k += 2;
    if (k == draft.tables) {
      draft.codes[draft.tables++] = &dc;
      draft.codes[draft.tables++] = &ac;
    }
    pair_of[i] = static_cast<uint32_t>(k) / 2;
  }
  static_assert(sizeof(HuffmanCodes) == 17 + 256);
  for (int32_t k = 0; k < draft.tables; k++)
    draft.key.append(reinterpret_cast<const char*>(draft.codes[k]), sizeof(HuffmanCodes));
  for (uint32_t k = 0; k < image.mcu_blocks; k++)
    image.pattern |= pair_of[image.mcu[k].component] << (2 * k);
  const auto repeats = [&](uint32_t period) {
    for (uint32_t k = period; k < image.mcu_blocks; k++)
      if (pair_of[image.mcu[k].component] != pair_of[image.mcu[k - period].component]) return false;
    return image.mcu_blocks % period == 0;
  };
  image.period = 1;
  while (!repeats(image.period)) image.period++;
}

TableSet make_set(const Draft& draft, Scratch& scratch) {
  TableSet set{};
  uint32_t long_base = 0;
  for (; set.tables < draft.tables; set.tables++)
    complete(set.table[set.tables], *draft.codes[set.tables], long_base);
  set.longs = long_base << kLongBits;
  set.place = scratch.take(int64_t{set.multi_size()} * 4 + int64_t{set.shorts_size()} * 2 +
                           int64_t{set.longs} * 2);
  return set;
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
  std::copy(std::begin(from.quant), std::end(from.quant), c.quant);
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

/// All of an image but its place in memory. False: it is the host's.
bool draft_image(const Request& r, Draft& draft) {
  const Header& header = *r.header;
  Image& image = draft.image;
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
  choose_tables(header, draft);
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

template <class T>
uint32_t append(std::vector<std::byte>& blob, std::span<const T> values) {
  const size_t at = divide_up(blob.size(), size_t{256}) * 256;
  blob.resize(at + values.size_bytes());
  if (!values.empty()) std::memcpy(blob.data() + at, values.data(), values.size_bytes());
  return static_cast<uint32_t>(at);
}

}  // namespace

/// A part while it is put together.
struct Batch::Building {
  std::vector<Image> images;
  std::vector<TableSet> sets;
  std::vector<Share> shares[kPhases];
  std::unordered_map<std::string, uint32_t> set_of;
  std::string last_key;  ///< most files have the tables of the one before
  uint32_t last_set = 0;
  int64_t scratch = 0;
  int32_t tables = 0;
  uint32_t longs = 0;

  void clear() {
    images.clear();
    sets.clear();
    for (auto& s : shares) s.clear();
    set_of.clear();
    scratch = 0;
    tables = 0;
    longs = 0;
  }
  void share(Phase phase, uint32_t count) {
    const auto image = static_cast<uint32_t>(images.size());
    const size_t at = shares[phase].size();
    shares[phase].resize(at + count);
    for (uint32_t k = 0; k < count; k++) shares[phase][at + k] = {image, k};
  }
  /// The set of an image that has room; a new one is put into `scratch`.
  void choose_set(Draft& draft, const TableSet* fresh) {
    if (fresh) {
      if (fresh->longs <= kSharedLongs) longs = std::max(longs, fresh->longs);
      last_set = static_cast<uint32_t>(sets.size());
      shares[kPrepare].push_back({last_set, kSet});
      sets.push_back(*fresh);
      set_of.emplace(draft.key, last_set);
      last_key = std::move(draft.key);
    }
    draft.image.table_set = last_set;
    tables = std::max(tables, draft.tables);
  }
  /// Whether an image before had these tables, which are then the last.
  bool knows(const Draft& draft) {
    if (!sets.empty() && draft.key == last_key) return true;
    const auto found = set_of.find(draft.key);
    if (found == set_of.end()) return false;
    last_key = draft.key;
    last_set = found->second;
    return true;
  }
  /// False, and nothing that counts has changed, if there is no room.
  bool add(Draft& draft, int64_t max_scratch) {
    Scratch memory(scratch);
    const bool known = knows(draft);
    TableSet fresh;
    if (!known) fresh = make_set(draft, memory);
    Image& image = draft.image;
    place_scan(image, memory);
    place_blocks(image, memory);
    if (max_scratch > 0 && memory.used() > max_scratch) return false;
    scratch = memory.used();
    choose_set(draft, known ? nullptr : &fresh);
    take(image);
    return true;
  }
  void take(const Image& image) {
    if (!image.goes_on) {
      share(kPrepare, image.chunks);
      share(kArrange, 1);
      share(kUnstuff, image.chunks);
      share(kSynchronise, image.tiles);
      share(kJoin, image.tiles > 1);
      share(kSumDc, image.dc_tiles);
      share(kCarryDc, image.dc_tiles > 1);
    }
    share(kWriteBlocks, divide_up(image.windows, kWriteWindows));
    share(kTransform, divide_up(KeptBlock::count(image), kTransformBlocks));
    share(kColour, divide_up(Quad::count(image), kQuads));
    images.push_back(image);
  }
  Part finish(std::vector<std::byte>& blob) const {
    Part part;
    part.images = append(blob, std::span<const Image>(images));
    part.sets = append(blob, std::span<const TableSet>(sets));
    for (int phase = 0; phase < kPhases; phase++) {
      part.shares[phase] = append(blob, std::span<const Share>(shares[phase]));
      part.counts[phase] = static_cast<uint32_t>(shares[phase].size());
    }
    part.tables = tables;
    part.longs = longs;
    return part;
  }
};

Batch::Batch() : building_(std::make_unique<Building>()) {}
Batch::Batch(std::span<const Request> requests, int64_t max_scratch) : Batch() {
  lay_out(requests, max_scratch);
}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

void Batch::close_part() {
  if (!building_->images.empty()) parts_.push_back(building_->finish(blob_));
  scratch_bytes_ = std::max(scratch_bytes_, building_->scratch);
  building_->clear();
}

/// Bands follow each other as parts, and find what the first of them has left in the memory. They
/// are whole rows of MCUs; those at their edges are decoded for both.
bool Batch::add_in_bands(const Request& request, uint32_t status, int64_t max_scratch) {
  Draft draft;
  draft.image.status = status;
  draft_image(request, draft);
  const Image& whole = draft.image;
  Scratch memory(0);
  const TableSet set = make_set(draft, memory);
  place_scan(draft.image, memory);
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
    building_->choose_set(draft, &set);
    Scratch rest = memory;
    building_->take(band_of(whole, request, top, bottom, rest));
    building_->scratch = rest.used();
    close_part();
  }
  return true;
}

void Batch::lay_out(std::span<const Request> requests, int64_t max_scratch) {
  images_ = static_cast<int64_t>(requests.size());
  scratch_bytes_ = 0;
  blob_.clear();
  parts_.clear();
  status_.assign(requests.size(), 0);
  natural_order_ = append(blob_, std::span<const uint8_t>(kNaturalOrder));
  building_->clear();
  for (size_t i = 0; i < requests.size(); i++) {
    Draft draft;
    draft.image.status = static_cast<uint32_t>(i);
    if (!draft_image(requests[i], draft)) {
      status_[i] = kRefused;
      continue;
    }
    if (building_->add(draft, max_scratch)) continue;
    close_part();
    if (!building_->add(draft, max_scratch) &&
        !add_in_bands(requests[i], draft.image.status, max_scratch))
      status_[i] = kRefused;
  }
  close_part();
  first_status_ = append(blob_, std::span<const uint32_t>(status_));
}

}  // namespace vg::cuda::jpeg
