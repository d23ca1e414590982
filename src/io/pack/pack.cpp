// Opening packed files: nothing of the header or the index is believed before it is checked.
#include "io/pack/pack.h"

#include <bit>
#include <cstring>

#include "core/philox.h"

namespace vg {

static_assert(std::endian::native == std::endian::little, "headers are read as they lie");

uint64_t pack_checksum(Bytes data) {
  constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
  uint64_t lanes[4] = {0, 1, 2, 3};
  const auto add = [&](const std::byte* from) {
    uint64_t words[4];
    std::memcpy(words, from, sizeof words);
    for (size_t k = 0; k < 4; k++) lanes[k] = std::rotl(lanes[k] ^ words[k], 29) * kFactor;
  };
  size_t at = 0;
  for (; at + 32 <= data.size(); at += 32) add(data.data() + at);
  if (at < data.size()) {
    std::byte rest[32] = {};
    std::memcpy(rest, data.data() + at, data.size() - at);
    add(rest);
  }
  uint64_t sum = hash64(data.size());
  for (uint64_t lane : lanes) sum = hash64(sum, lane);
  return sum;
}

Outcome<std::shared_ptr<const Pack>> Pack::open(const std::string& path) {
  VG_ASSIGN(const File file, File::open(path));
  auto pack = std::make_shared<Pack>();
  if (file.size() < sizeof(PackHeader))
    return fail("\"{}\" is no packed file: it has {} bytes", path, file.size());
  VG_ASSIGN(pack->mapping_, file.map());
  pack->all_ = {pack->mapping_.get(), file.size()};
  VG_TRY(pack->check(path));
  return std::shared_ptr<const Pack>(std::move(pack));
}

Status Pack::check(const std::string& path) {
  PackHeader h;
  std::memcpy(&h, all_.data(), sizeof h);
  if (std::string_view(h.magic, sizeof h.magic) != PackHeader::kMagic)
    return fail("\"{}\" is no packed file", path);
  if (h.version != PackHeader::kVersion)
    return fail("\"{}\" is a packed file of version {}; this is read: {}", path, h.version,
                PackHeader::kVersion);
  if (h.checksum != pack_checksum(all_.first(sizeof h - sizeof h.checksum)))
    return fail("\"{}\" is damaged: its header does not have its checksum", path);
  if (h.pack_size != all_.size())
    return fail("\"{}\" is damaged: it has {} bytes, {} were written", path, all_.size(),
                h.pack_size);
  const uint64_t size = all_.size();
  const bool placed = h.index_offset >= sizeof h && h.index_offset <= size &&
                      h.index_size == size - h.index_offset && h.index_offset % 8 == 0 &&
                      h.files <= h.index_size / sizeof(PackEntry);
  if (!placed || h.index_checksum != pack_checksum(all_.subspan(h.index_offset)))
    return fail("\"{}\" is damaged: its index does not have its checksum", path);
  const std::byte* index = all_.data() + h.index_offset;
  entries_ = {reinterpret_cast<const PackEntry*>(index), h.files};
  const uint64_t names_at = h.files * sizeof(PackEntry);
  names_ = {reinterpret_cast<const char*>(index) + names_at, h.index_size - names_at};
  for (const PackEntry& e : entries_)
    if (e.offset < sizeof h || e.offset > h.index_offset || e.size > h.index_offset - e.offset ||
        e.name_at > names_.size() || e.name_size > names_.size() - e.name_at)
      return fail("\"{}\" is damaged: its index names bytes that it does not have", path);
  checked_ = std::vector<std::atomic<bool>>(entries_.size());
  return {};
}

Outcome<Bytes> Pack::file(size_t i) const {
  const PackEntry& e = entries_[i];
  const Bytes bytes = all_.subspan(e.offset, e.size);
  if (checked_[i].load(std::memory_order_relaxed)) return bytes;
  will_need(bytes);
  if (pack_checksum(bytes) != e.checksum)
    return fail("the packed bytes of \"{}\" are damaged: they do not have their checksum", name(i));
  checked_[i].store(true, std::memory_order_relaxed);
  return bytes;
}

}  // namespace vg
