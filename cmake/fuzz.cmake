# The fuzzers: `cmake --preset fuzz`, then the target `fuzz`.  Each tests/fuzz/NAME.cpp is the program
# fuzz_NAME.  What it tests is instrumented by the preset's flags; only the programs hold libFuzzer.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "fuzzers need clang: use the preset `fuzz`")
endif()

# Of channels and bot only what reads strangers' bytes: no Beast, no web assets, no server.
set(edges ${PROJECT_SOURCE_DIR}/channels)
add_library(fuzz_channels STATIC EXCLUDE_FROM_ALL
  ${edges}/addresses.cpp ${edges}/http.cpp ${edges}/target.cpp ${edges}/telegram.cpp
  ${edges}/web_frames.cpp)
target_include_directories(fuzz_channels PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(fuzz_channels PUBLIC wasl::core PRIVATE wasl::strict Boost::headers
  nlohmann_json::nlohmann_json)

add_library(fuzz_bot STATIC EXCLUDE_FROM_ALL
  ${PROJECT_SOURCE_DIR}/bot/conversation.cpp ${PROJECT_SOURCE_DIR}/bot/desk_frames.cpp
  ${PROJECT_SOURCE_DIR}/bot/event_json.cpp ${PROJECT_SOURCE_DIR}/bot/json_parts.cpp
  ${PROJECT_SOURCE_DIR}/bot/snapshot.cpp)
target_include_directories(fuzz_bot PRIVATE ${PROJECT_SOURCE_DIR})
# Not this check: a stored number of another kind than the program writes is converted as it comes,
# and only the store writes there, under checksums.
target_compile_options(fuzz_bot PRIVATE -fno-sanitize=float-cast-overflow)
target_link_libraries(fuzz_bot PUBLIC wasl::handoff wasl::flows PRIVATE wasl::strict Boost::headers
  nlohmann_json::nlohmann_json)

add_custom_target(fuzz)

function(wasl_fuzz name)
  add_executable(fuzz_${name} EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}.cpp)
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(fuzz_${name} PRIVATE WASL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(fuzz_${name} PRIVATE ${ARGN} wasl::strict)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzz fuzz_${name})
endfunction()

wasl_fuzz(articles wasl::knowledge wasl::intents)
wasl_fuzz(clean wasl::intents)
wasl_fuzz(desk_frames fuzz_bot)
wasl_fuzz(event_json fuzz_bot)
wasl_fuzz(expression wasl::flows)
wasl_fuzz(flow_files wasl::flows)
wasl_fuzz(handoff_policy wasl::handoff)
wasl_fuzz(http fuzz_channels Boost::headers nlohmann_json::nlohmann_json)
wasl_fuzz(intent_files wasl::intents PkgConfig::re2)
wasl_fuzz(mask wasl::handoff)
wasl_fuzz(message wasl::flows)
wasl_fuzz(model_manifest wasl::intents)
wasl_fuzz(patterns wasl::intents PkgConfig::re2)
wasl_fuzz(snapshot fuzz_bot)
wasl_fuzz(telegram fuzz_channels)
wasl_fuzz(web_frames fuzz_channels)
wasl_fuzz(yaml wasl::core)
