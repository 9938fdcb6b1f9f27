# Everything that is not ours, as imported targets. What apt has comes from the system (scripts/setup installs it); the rest
# is pinned in deps.lock and fetched here, at configure time, which needs no network once it is cached.
include(FindPkgConfig)

# ---- from the system
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(ZLIB 1.2 REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.4)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat>=2.4)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
add_library(xxhash::xxhash ALIAS PkgConfig::XXHASH)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(LIBMARIADB REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(LIBSSH REQUIRED IMPORTED_TARGET libssh>=0.10)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.39)
if(INGESTR_TESTS)
  find_package(GTest 1.12 REQUIRED)
endif()

# ---- fetched
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/deps.lock)
set(duckdb_extensions avro azure httpfs mysql_scanner postgres_scanner sqlite_scanner)
list(TRANSFORM duckdb_extensions PREPEND duckdb_ OUTPUT_VARIABLE duckdb_extension_packages)
execute_process(
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/fetch_deps duckdb_library duckdb_header ${duckdb_extension_packages} nanoarrow simdjson
  OUTPUT_VARIABLE fetched
  OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "scripts/fetch_deps failed, see above.")
endif()
string(REPLACE "\n" ";" fetched "${fetched}")
foreach(line IN LISTS fetched)
  string(REGEX MATCH "^([^=]+)=(.+)$" line "${line}")
  set(fetched_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()

# The library lies beside the program, so that build/<preset>/ is complete in itself.
file(COPY ${fetched_duckdb_library}/lib/libduckdb.so DESTINATION ${CMAKE_BINARY_DIR}/lib)
add_library(duckdb::duckdb SHARED IMPORTED GLOBAL)
set_target_properties(duckdb::duckdb PROPERTIES
  IMPORTED_LOCATION ${CMAKE_BINARY_DIR}/lib/libduckdb.so
  IMPORTED_SONAME libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${fetched_duckdb_header}/include)

# The extensions lie beside the library, where src/duck/extension.cc looks. Hard links: whole files to whoever copies or moves
# the folder, and no 190 MB for each preset.
foreach(extension IN LISTS duckdb_extensions)
  set(extension_file v1.5.5/linux_amd64/${extension}.duckdb_extension)
  cmake_path(GET extension_file PARENT_PATH extension_folder)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lib/duckdb_extensions/${extension_folder})
  file(CREATE_LINK ${fetched_duckdb_${extension}}/${extension_file}
       ${CMAKE_BINARY_DIR}/lib/duckdb_extensions/${extension_file} COPY_ON_ERROR)
  # What src/duck/extension.cc holds it against. The folder's name has the checksum of what was fetched, so it is worked out once.
  if(NOT INGESTR_CHECKED_${extension} STREQUAL "${fetched_duckdb_${extension}}")
    file(SHA512 ${fetched_duckdb_${extension}}/${extension_file} checksum)
    set(INGESTR_CHECKSUM_${extension} ${checksum} CACHE INTERNAL "")
    set(INGESTR_CHECKED_${extension} ${fetched_duckdb_${extension}} CACHE INTERNAL "")
  endif()
  string(APPEND extension_checksums "    {\"${extension}\", \"${INGESTR_CHECKSUM_${extension}}\"},\n")
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/src/duck/extension_checksums.h.in ${CMAKE_BINARY_DIR}/generated/duck/extension_checksums.h @ONLY)

set(NANOARROW_VERSION 0.9.0)
set(NANOARROW_VERSION_MAJOR 0)
set(NANOARROW_VERSION_MINOR 9)
set(NANOARROW_VERSION_PATCH 0)
# A namespace of our own: other libraries in the process carry nanoarrow too.
set(NANOARROW_NAMESPACE_DEFINE "#define NANOARROW_NAMESPACE Ingestr")
set(nanoarrow_source ${fetched_nanoarrow}/src/nanoarrow)
configure_file(${nanoarrow_source}/nanoarrow_config.h.in
               ${CMAKE_BINARY_DIR}/third_party/nanoarrow/nanoarrow/nanoarrow_config.h)
add_library(nanoarrow STATIC
  ${nanoarrow_source}/common/array.c
  ${nanoarrow_source}/common/array_stream.c
  ${nanoarrow_source}/common/schema.c
  ${nanoarrow_source}/common/utils.c)
target_include_directories(nanoarrow SYSTEM PUBLIC
  ${fetched_nanoarrow}/src ${CMAKE_BINARY_DIR}/third_party/nanoarrow)
set_target_properties(nanoarrow PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_options(nanoarrow PRIVATE -w -O2 -g0)
add_library(nanoarrow::nanoarrow ALIAS nanoarrow)

# Fast even in a slow build: -O2 comes after what the preset says. -g0 lets ccache share it between work trees.
add_library(simdjson STATIC ${fetched_simdjson}/src/simdjson.cpp)
target_include_directories(simdjson SYSTEM PUBLIC ${fetched_simdjson}/src)
set_target_properties(simdjson PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_options(simdjson PRIVATE -w -O2 -g0)
add_library(simdjson::simdjson ALIAS simdjson)
