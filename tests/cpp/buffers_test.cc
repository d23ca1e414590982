// Pooled memory: size classes, the byte ceiling, and the way of a block back to the pool.
#include "exec/buffers.h"

#include <gmock/gmock.h>

#include <cstring>
#include <thread>

namespace vg {
namespace {

using testing::HasSubstr;

TEST(Buffers, SizeClassesAreMonotoneAndIdempotent) {
  int64_t before = 0;
  for (int64_t bytes = 0; bytes <= 70000; bytes++) {
    const int64_t size = HostPool::size_class(bytes);
    ASSERT_GE(size, bytes);
    ASSERT_GE(size, before);
    ASSERT_EQ(size % 64, 0) << bytes;
    ASSERT_EQ(HostPool::size_class(size), size) << bytes;
    // The classes are quarters of an octave: at most a quarter is wasted.
    if (bytes > 256) {
      ASSERT_LE(size, bytes * 5 / 4 + 1) << bytes;
    }
    before = size;
  }
  const int64_t large = (int64_t{1} << 40) + 1;
  EXPECT_GE(HostPool::size_class(large), large);
  EXPECT_EQ(HostPool::size_class(HostPool::size_class(large)), HostPool::size_class(large));
}

TEST(Buffers, BlocksAreAlignedAndReturn) {
  auto pool = std::make_shared<HostPool>(0);
  std::byte* first = pool->take(1000);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % 64, 0u);
  EXPECT_EQ(pool->bytes_in_use(), HostPool::size_class(1000));
  pool->give(first, 1000);
  EXPECT_EQ(pool->bytes_in_use(), 0);
  EXPECT_EQ(pool->take(1000), first);  // the same block again, nothing is allocated
  EXPECT_EQ(pool->bytes_reserved(), HostPool::size_class(1000));
  pool->give(first, 1000);
  pool->trim();
  EXPECT_EQ(pool->bytes_reserved(), 0);
}

TEST(Buffers, TheCeilingHoldsAndUnusedBlocksMakeRoom) {
  auto pool = std::make_shared<HostPool>(4096);
  std::byte* all = pool->take(4096);
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(pool->take(64), nullptr);
  auto refused = pool->take_shared(64);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.failure().kind, ErrorKind::Memory);
  EXPECT_THAT(refused.failure().message, HasSubstr("max_host_bytes = 4096"));
  pool->give(all, 4096);
  // The free block is of another class: it is given up for the new one.
  std::byte* other = pool->take(2048);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(pool->bytes_reserved(), 2048);
  pool->give(other, 2048);
}

TEST(Buffers, AnOutputOutlivesItsPool) {
  std::shared_ptr<std::byte> held;
  {
    auto pool = std::make_shared<HostPool>(0);
    held = *pool->take_shared(100);
  }
  std::memset(held.get(), 7, 100);
  EXPECT_EQ(held.get()[99], std::byte{7});
}

TEST(Buffers, ACacheKeepsBlocksAndGivesThemUpAtItsEnd) {
  auto pool = std::make_shared<HostPool>(0);
  {
    BufferCache cache(pool);
    std::byte* first = nullptr;
    {
      auto buffer = cache.take(1000);
      ASSERT_TRUE(buffer.ok());
      first = buffer->data();
    }
    EXPECT_EQ(pool->bytes_in_use(), HostPool::size_class(1000));  // kept by the cache
    auto again = cache.take(1000);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->data(), first);
    Buffer moved = std::move(*again);
    EXPECT_EQ(moved.data(), first);
  }
  EXPECT_EQ(pool->bytes_in_use(), 0);
}

TEST(Buffers, ACacheDoesNotHoard) {
  auto pool = std::make_shared<HostPool>(0);
  BufferCache cache(pool);
  const int64_t large = int64_t{48} << 20;
  {
    auto a = cache.take(large), b = cache.take(large);
    ASSERT_TRUE(a.ok() && b.ok());
  }
  EXPECT_LE(pool->bytes_in_use(), int64_t{64} << 20);
}

TEST(Buffers, ThreadsShareAPool) {
  auto pool = std::make_shared<HostPool>(0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++)
    threads.emplace_back([&pool, t] {
      for (int64_t i = 1; i < 400; i++) {
        auto block = pool->take_shared(i * 37 % 5000);
        ASSERT_TRUE(block.ok());
        *block->get() = static_cast<std::byte>(t);
        ASSERT_EQ(*block->get(), static_cast<std::byte>(t));
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(pool->bytes_in_use(), 0);
}

}  // namespace
}  // namespace vg
