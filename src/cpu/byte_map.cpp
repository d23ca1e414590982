// Tables of bytes: by look-up one by one, by 16 shuffles for 32 bytes at once, or by arithmetic.
#include "cpu/byte_map.h"

#include <cstring>

#include "cpu/three_channels.h"

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

#if defined(__x86_64__)

VG_AVX2 inline __m256i load(const uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
VG_AVX2 inline void store(uint8_t* p, __m256i v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
VG_AVX2 inline __m256i all(uint8_t v) { return _mm256_set1_epi8(static_cast<char>(v)); }

VG_AVX2 inline __m256i apply(const ByteForm::Piece& p, __m256i v) {
  return _mm256_subs_epu8(_mm256_adds_epu8(_mm256_xor_si256(v, all(p.flip)), all(p.add)),
                          all(p.sub));
}

VG_AVX2 void compute(const ByteForm& f, const uint8_t* in, uint8_t* out, int64_t n) {
  const __m256i from = all(static_cast<uint8_t>(f.from)), mask = all(f.mask);
  if (f.from > 255) {
    for (int64_t i = 0; i < n; i += 32)
      store(out + i, _mm256_and_si256(apply(f.piece, load(in + i)), mask));
    return;
  }
  for (int64_t i = 0; i < n; i += 32) {
    const __m256i v = load(in + i);
    const __m256i is_next = _mm256_cmpeq_epi8(_mm256_max_epu8(v, from), v);
    const __m256i both = _mm256_blendv_epi8(apply(f.piece, v), apply(f.next, v), is_next);
    store(out + i, _mm256_and_si256(both, mask));
  }
}

/// A table as 16 rows of 16 entries, each but the first of its half XORed with the row before: a
/// shuffle gives zero for indices with the highest bit set, so the rows up to the right one add up
/// (by XOR) to the right entry.
struct Rows {
  alignas(32) uint8_t row[16][16];
  explicit Rows(const ByteTable& table) {
    for (int r = 0; r < 16; r++)
      for (int i = 0; i < 16; i++)
        row[r][i] = table[16 * r + i] ^ (r % 8 ? table[16 * (r - 1) + i] : uint8_t{0});
  }
};

/// 32 bytes at once.
VG_AVX2 VG_INLINE __m256i through(const Rows& rows, __m256i v) {
  const __m256i step = _mm256_set1_epi8(16);
  const auto row = [&](int r) __attribute__((target("avx2"), always_inline)) {
    return _mm256_broadcastsi128_si256(
        _mm_load_si128(reinterpret_cast<const __m128i*>(rows.row[r])));
  };
  // Signed and saturated: what has become negative stays negative.
  __m256i low = v, high = _mm256_xor_si256(v, _mm256_set1_epi8(-128));
  __m256i sum =
      _mm256_xor_si256(_mm256_shuffle_epi8(row(0), low), _mm256_shuffle_epi8(row(8), high));
  for (int r = 1; r < 8; r++) {
    low = _mm256_subs_epi8(low, step);
    high = _mm256_subs_epi8(high, step);
    sum = _mm256_xor_si256(sum, _mm256_shuffle_epi8(row(r), low));
    sum = _mm256_xor_si256(sum, _mm256_shuffle_epi8(row(8 + r), high));
  }
  return sum;
}

VG_AVX2 void shuffle(const ByteTable& table, const uint8_t* in, uint8_t* out, int64_t n) {
  const Rows rows(table);
  for (int64_t i = 0; i < n; i += 32) store(out + i, through(rows, load(in + i)));
}

VG_AVX2 void shuffle_three(std::span<const ByteTable> tables, const uint8_t* in, uint8_t* out,
                           int64_t n) {
  const Rows rows[3] = {Rows(tables[0]), Rows(tables[1]), Rows(tables[2])};
  for (int64_t i = 0; i < n; i += 96) {
    __m256i v[3];
    load_apart(in + i, v);
    for (int c = 0; c < 3; c++) v[c] = through(rows[c], v[c]);
    store_together(v, out + i);
  }
}

/// Maps as many bytes as fill vectors, and says how many.
int64_t map_vectors(std::span<const ByteTable> tables, const uint8_t* in, uint8_t* out, int64_t n) {
  if (tables.size() == 1) {
    const int64_t whole = n / 32 * 32;
    if (ByteForm form; find_form(tables[0], form))
      compute(form, in, out, whole);
    else
      shuffle(tables[0], in, out, whole);
    return whole;
  }
  if (tables.size() != 3) return 0;
  const int64_t whole = n / 96 * 96;
  shuffle_three(tables, in, out, whole);
  return whole;
}
#endif

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
#if defined(__x86_64__)
  if (n >= kWorthSearching && has_avx2()) done = map_vectors(tables, in, out, n);
#endif
  look_up(tables, in + done, out + done, n - done);
}

}  // namespace vg::cpu
