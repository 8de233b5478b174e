// bench_disk FILE SECONDS: what the disk alone costs.  Appends four kilobytes and calls fdatasync,
// again and again, in the folder of the store; prints the times as one line of JSON.

#include "bench/load/histogram.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_disk FILE SECONDS\n");
    return 2;
  }
  const int file = ::open(argv[1], O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) {
    std::perror("bench_disk");
    return 1;
  }
  using Clock = std::chrono::steady_clock;
  const std::array<char, 4096> block{};
  const auto end = Clock::now() + std::chrono::duration<double>(std::atof(argv[2]));  // NOLINT
  wasl::bench::Histogram times;
  bool failed = false;
  while (Clock::now() < end && !failed) {
    const auto start = Clock::now();
    failed = ::write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
             ::fdatasync(file) != 0;
    times.add((Clock::now() - start).count());
  }
  if (failed) std::perror("bench_disk");
  ::close(file);
  ::unlink(argv[1]);
  std::printf("%s\n", nlohmann::json{{"syncs", times.total()},
                                     {"p50_us", times.quantile_us(0.5)},
                                     {"p99_us", times.quantile_us(0.99)}}
                          .dump()
                          .c_str());
  return failed ? 1 : 0;
}
