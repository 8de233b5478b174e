# Every library the project uses, found once; modules name the targets.
include(FindPkgConfig)
include(GoogleTest)

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ICU 72 QUIET REQUIRED COMPONENTS uc i18n data)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(fasttext REQUIRED IMPORTED_TARGET fasttext)
pkg_check_modules(libical REQUIRED IMPORTED_TARGET libical)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(cmark REQUIRED IMPORTED_TARGET libcmark)

# liblinear comes without a file that says where it is.
find_path(LIBLINEAR_INCLUDE linear.h PATH_SUFFIXES liblinear REQUIRED)
find_library(LIBLINEAR_LIBRARY linear REQUIRED)
add_library(liblinear::liblinear UNKNOWN IMPORTED GLOBAL)
set_target_properties(liblinear::liblinear PROPERTIES
  IMPORTED_LOCATION ${LIBLINEAR_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${LIBLINEAR_INCLUDE})
find_package(prometheus-cpp REQUIRED)
