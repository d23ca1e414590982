// Bare libjpeg-turbo: how fast threads read files and decode windows of them, and do nothing else.
//
//   variegate_bare LIST THREADS SECONDS
//
// A line of LIST is a window: x y width height path. Threads take lines in turn, over and over.
// Only the window is decoded, without the margin that exact chroma at its edge would need: no
// pipeline that uses the same library can be faster. Prints images, seconds, processor seconds.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>  // jpeglib.h needs FILE and size_t
#include <cstdlib>

#include <jpeglib.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Window {
  JDIMENSION x, y, width, height;
  std::string path;
};

std::vector<Window> read_list(const char* path) {
  std::vector<Window> windows;
  std::ifstream in(path);
  Window w;
  while (in >> w.x >> w.y >> w.width >> w.height && std::getline(in >> std::ws, w.path))
    windows.push_back(w);
  return windows;
}

void read_file(const std::string& path, std::vector<unsigned char>& bytes) {
  const int file = open(path.c_str(), O_RDONLY);
  struct stat about {};
  if (file < 0 || fstat(file, &about) != 0) std::exit((std::perror(path.c_str()), 1));
  bytes.resize(static_cast<size_t>(about.st_size));
  if (read(file, bytes.data(), bytes.size()) != about.st_size) std::exit(1);
  close(file);
}

/// A thread's memory. Damage ends the program: libjpeg's own error handler prints and exits.
class Decoder {
 public:
  Decoder() {
    c_.err = jpeg_std_error(&errors_);
    jpeg_create_decompress(&c_);
  }
  ~Decoder() { jpeg_destroy_decompress(&c_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  void decode(const Window& w) {
    read_file(w.path, bytes_);
    jpeg_mem_src(&c_, bytes_.data(), bytes_.size());
    jpeg_read_header(&c_, TRUE);
    c_.out_color_space = JCS_RGB;
    jpeg_start_decompress(&c_);
    JDIMENSION left = w.x, width = w.width;
    jpeg_crop_scanline(&c_, &left, &width);
    if (w.y > 0) jpeg_skip_scanlines(&c_, w.y);
    const size_t row_bytes = size_t{3} * c_.output_width;
    pixels_.resize(row_bytes * w.height);
    for (JDIMENSION y = 0; y < w.height; y++) {
      JSAMPROW row = pixels_.data() + row_bytes * y;
      jpeg_read_scanlines(&c_, &row, 1);
    }
    jpeg_abort_decompress(&c_);
  }

 private:
  jpeg_decompress_struct c_{};
  jpeg_error_mgr errors_{};
  std::vector<unsigned char> bytes_, pixels_;
};

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void measure(const std::vector<Window>& windows, int threads, double seconds) {
  using Clock = std::chrono::steady_clock;
  constexpr size_t kWarm = 8;  // images of each thread before the clock starts
  std::atomic<size_t> next{0}, done{0};
  std::barrier ready(threads + 1);
  std::atomic<bool> over{false};
  const auto work = [&] {
    Decoder decoder;
    for (size_t i = 0; i < kWarm; i++) decoder.decode(windows[next++ % windows.size()]);
    ready.arrive_and_wait();
    while (!over) {
      decoder.decode(windows[next++ % windows.size()]);
      done++;
    }
  };
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; i++) pool.emplace_back(work);
  ready.arrive_and_wait();
  const auto start = Clock::now();
  const double used = processor_seconds();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  over = true;
  for (std::thread& t : pool) t.join();  // with their last images, which count
  const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("%zu %.6f %.6f\n", done.load(), elapsed, processor_seconds() - used);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Window> windows = argc == 4 ? read_list(argv[1]) : std::vector<Window>();
  const int threads = argc == 4 ? std::atoi(argv[2]) : 0;
  if (windows.empty() || threads < 1)
    return std::fputs("usage: variegate_bare LIST THREADS SECONDS\n", stderr), 2;
  measure(windows, threads, std::atof(argv[3]));
  return 0;
}
