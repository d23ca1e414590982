// Tables of bytes: by look-up one by one, by shuffles for a vector at once, or by arithmetic.
#include "cpu/byte_map.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/byte_map.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#ifndef VG_BYTE_MAP_KERNELS
#define VG_BYTE_MAP_KERNELS
namespace vg::cpu {
namespace {

/// A table as 16 rows of 16 entries. Each but the first of its half is XORed with the row before:
/// x86's shuffle gives zero for indices with the highest bit set, so the rows up to the right one
/// add up (by XOR) to the right entry. NEON looks up 64 bytes at once, and has them as they are.
struct TableRows {
  alignas(64) uint8_t row[16][16];
};

/// Whole vectors only; `out` may be `in`.
struct MapKernels {
  int64_t lanes;
  void (*compute)(const ByteForm& form, const uint8_t* in, uint8_t* out, int64_t n);
  void (*look_up)(const TableRows& rows, const uint8_t* in, uint8_t* out, int64_t n);
  /// Bytes of three channels with a table each; `n` is a multiple of 3 vectors.
  void (*look_up_three)(const TableRows* rows, const uint8_t* in, uint8_t* out, int64_t n);
};

}  // namespace
}  // namespace vg::cpu
#endif

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

using ByteVector = hn::Vec<Bytes>;

HWY_INLINE ByteVector piece_of(const ByteForm::Piece& p, ByteVector v) {
  const Bytes d;
  return hn::SaturatedSub(hn::SaturatedAdd(hn::Xor(v, hn::Set(d, p.flip)), hn::Set(d, p.add)),
                          hn::Set(d, p.sub));
}

void compute(const ByteForm& f, const uint8_t* in, uint8_t* out, int64_t n) {
  const Bytes d;
  const auto from = hn::Set(d, static_cast<uint8_t>(f.from)), mask = hn::Set(d, f.mask);
  const ByteForm::Piece piece = f.piece, next = f.next;
  if (f.from > 255) {
    for (int64_t i = 0; i < n; i += kBytes)
      hn::StoreU(hn::And(piece_of(piece, hn::LoadU(d, in + i)), mask), d, out + i);
    return;
  }
  for (int64_t i = 0; i < n; i += kBytes) {
    const auto v = hn::LoadU(d, in + i);
    const auto is_next = hn::Eq(hn::Max(v, from), v);
    const auto both = hn::IfThenElse(is_next, piece_of(next, v), piece_of(piece, v));
    hn::StoreU(hn::And(both, mask), d, out + i);
  }
}

HWY_INLINE ByteVector through(const TableRows& rows, ByteVector v) {
#if HWY_TARGET == HWY_NEON
  const uint8_t* p = rows.row[0];
  const auto quarter = [p](int q) HWY_ATTR {
    return uint8x16x4_t{{vld1q_u8(p + 64 * q), vld1q_u8(p + 64 * q + 16), vld1q_u8(p + 64 * q + 32),
                         vld1q_u8(p + 64 * q + 48)}};
  };
  const uint8x16_t step = vdupq_n_u8(64);
  uint8x16_t at = v.raw, sum = vqtbl4q_u8(quarter(0), at);
  for (int q = 1; q < 4; q++) {
    at = vsubq_u8(at, step);
    sum = vqtbx4q_u8(sum, quarter(q), at);
  }
  return ByteVector(sum);
#else
  const Bytes d;
  const hn::RebindToSigned<Bytes> s;
  const auto row = [&](int r) HWY_ATTR { return hn::LoadDup128(d, rows.row[r]); };
  // Signed and saturated: what has become negative stays negative.
  const auto step = hn::Set(s, 16);
  auto low = hn::BitCast(s, v), high = hn::Xor(low, hn::Set(s, -128));
  auto sum = hn::Xor(hn::TableLookupBytesOr0(row(0), hn::BitCast(d, low)),
                     hn::TableLookupBytesOr0(row(8), hn::BitCast(d, high)));
  for (int r = 1; r < 8; r++) {
    low = hn::SaturatedSub(low, step);
    high = hn::SaturatedSub(high, step);
    sum = hn::Xor(sum, hn::TableLookupBytesOr0(row(r), hn::BitCast(d, low)));
    sum = hn::Xor(sum, hn::TableLookupBytesOr0(row(8 + r), hn::BitCast(d, high)));
  }
  return sum;
#endif
}

void look_up(const TableRows& rows, const uint8_t* in, uint8_t* out, int64_t n) {
  for (int64_t i = 0; i < n; i += kBytes)
    hn::StoreU(through(rows, hn::LoadU(Bytes(), in + i)), Bytes(), out + i);
}

void look_up_three(const TableRows* rows, const uint8_t* in, uint8_t* out, int64_t n) {
  for (int64_t i = 0; i < n; i += 3 * kBytes) {
    ByteVector r, g, b;
    hn::LoadInterleaved3(Bytes(), in + i, r, g, b);
    hn::StoreInterleaved3(through(rows[0], r), through(rows[1], g), through(rows[2], b), Bytes(),
                          out + i);
  }
}

}  // namespace

constexpr MapKernels kMap{kBytes, &compute, &look_up, &look_up_three};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu {
namespace {

constexpr int64_t kWorthSearching = 1024;  // bytes; fewer are looked up sooner than analysed

void look_up(std::span<const ByteTable> tables, const uint8_t* in, uint8_t* out, int64_t n) {
  const auto channels = static_cast<int64_t>(tables.size());
  if (channels == 1) {
    for (int64_t i = 0; i < n; i++) out[i] = tables[0][in[i]];
  } else if (channels == 3) {
    for (int64_t i = 0; i + 2 < n; i += 3) {
      const uint8_t r = tables[0][in[i]], g = tables[1][in[i + 1]], b = tables[2][in[i + 2]];
      out[i] = r, out[i + 1] = g, out[i + 2] = b;
    }
  } else {
    for (int64_t c = 0; c < channels; c++)
      for (int64_t i = c; i < n; i += channels) out[i] = tables[static_cast<size_t>(c)][in[i]];
  }
}

/// The piece that gives entry `from` of the table, and how far it goes on from there.
int longest_piece(const ByteTable& table, int from, ByteForm::Piece& best) {
  int end = from;
  for (const int flip : {0, 255}) {
    // The first entry that is not cut off tells how far the line lies above or below.
    int v = from;
    while (v < 255 && (table[v] == 0 || table[v] == 255)) v++;
    const int rise = table[v] - (v ^ flip);
    const ByteForm::Piece piece{static_cast<uint8_t>(flip),
                                static_cast<uint8_t>(rise > 0 ? rise : 0),
                                static_cast<uint8_t>(rise < 0 ? -rise : 0)};
    int until = from;
    while (until < 256 && piece(until) == table[until]) until++;
    if (until > end) end = until, best = piece;
  }
  return end;
}

const MapKernels* kernels() { VG_RETURN_KERNELS(kMap); }

TableRows rows_of(const ByteTable& table) {
  TableRows rows;
  for (int r = 0; r < 16; r++)
    for (int i = 0; i < 16; i++) {
      const bool differs = target() != Target::Neon && r % 8;
      rows.row[r][i] = table[16 * r + i] ^ (differs ? table[16 * (r - 1) + i] : uint8_t{0});
    }
  return rows;
}

/// Maps as many bytes as fill vectors, and says how many.
int64_t map_vectors(const MapKernels& vectors, std::span<const ByteTable> tables, const uint8_t* in,
                    uint8_t* out, int64_t n) {
  if (tables.size() == 1) {
    const int64_t whole = n / vectors.lanes * vectors.lanes;
    if (ByteForm form; find_form(tables[0], form))
      vectors.compute(form, in, out, whole);
    else
      vectors.look_up(rows_of(tables[0]), in, out, whole);
    return whole;
  }
  if (tables.size() != 3) return 0;
  const int64_t whole = n / (3 * vectors.lanes) * (3 * vectors.lanes);
  const TableRows rows[3] = {rows_of(tables[0]), rows_of(tables[1]), rows_of(tables[2])};
  vectors.look_up_three(rows, in, out, whole);
  return whole;
}

bool all_equal(std::span<const ByteTable> tables) {
  for (const ByteTable& t : tables)
    if (t != tables[0]) return false;
  return true;
}

}  // namespace

bool find_form(const ByteTable& table, ByteForm& form) {
  form = ByteForm();
  form.mask = table[255];
  bool is_mask = true;
  for (int v = 0; v < 256 && is_mask; v++) is_mask = table[v] == (v & form.mask);
  if (is_mask) return true;
  form.mask = 255;
  form.from = longest_piece(table, 0, form.piece);
  return form.from == 256 || longest_piece(table, form.from, form.next) == 256;
}

void map_bytes(std::span<const ByteTable> tables, const uint8_t* in, uint8_t* out, int64_t n) {
  if (tables.size() > 1 && all_equal(tables)) tables = tables.first(1);
  int64_t done = 0;
  if (const MapKernels* vectors = kernels(); vectors && n >= kWorthSearching)
    done = map_vectors(*vectors, tables, in, out, n);
  look_up(tables, in + done, out + done, n - done);
}

}  // namespace vg::cpu
#endif
