# wasl_module(name SOURCES ... [PUBLIC ...] [PRIVATE ...])
#
# One folder, one library `wasl::name`, and, where tests/name/ exists, one test program.
# PUBLIC: what our headers include.  PRIVATE: what only our .cpp files include.
function(wasl_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/wasl/${name}/*.hpp)

  add_library(wasl_${name} STATIC ${arg_SOURCES})
  add_library(wasl::${name} ALIAS wasl_${name})
  target_sources(wasl_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(wasl_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_features(wasl_${name} PUBLIC cxx_std_20)
  target_link_libraries(wasl_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} wasl::strict)

  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(tests)
    add_executable(${name}_test ${tests})
    target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name}_test PRIVATE WASL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name}_test PRIVATE wasl::${name} ${arg_PRIVATE} wasl::strict
      GTest::gtest_main)
    gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${name})
  endif()
endfunction()
