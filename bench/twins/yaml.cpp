// bench_yaml FOLDER ROUNDS: what reading the same YAML costs with yaml-cpp alone, without any
// meaning; prints one line of JSON with the median.

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

/// Every node, so that nothing is read lazily.
std::size_t nodes_of(const YAML::Node& node) {
  std::size_t count = 1;
  for (const auto& child : node) {
    if (node.IsMap()) count += nodes_of(child.first) + nodes_of(child.second);
    if (node.IsSequence()) count += nodes_of(child);
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_yaml FOLDER ROUNDS\n");
    return 2;
  }
  try {
    using Clock = std::chrono::steady_clock;
    std::vector<double> times;
    std::size_t files = 0;
    std::size_t nodes = 0;
    for (int round = 0; round < std::max(1, std::atoi(argv[2])); ++round) {  // NOLINT
      files = nodes = 0;
      const auto start = Clock::now();
      for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
        if (entry.path().extension() != ".yml") continue;
        nodes += nodes_of(YAML::LoadFile(entry.path().string()));
        ++files;
      }
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    const nlohmann::json result{
        {"files", files}, {"nodes", nodes}, {"ms", times[times.size() / 2]}};
    std::printf("%s\n", result.dump().c_str());
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "bench_yaml: %s\n", failed.what());
    return 1;
  }
  return 0;
}
