# One static library per folder of src/, so that the linker too knows what may use what. A new file needs no line here:
# folders are read again at each build.

# What nearly every file includes is precompiled once, for the tests once more with GoogleTest. It hides a missing #include;
# the dev preset with -DINGESTR_PRECOMPILE=OFF shows them.
set(ingestr_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstddef> <cstdint> <cstring> <deque> <exception>
  <filesystem> <functional> <map> <memory> <mutex> <optional> <set> <span> <stdexcept> <stop_token> <string> <string_view>
  <thread> <tuple> <type_traits> <unordered_map> <unordered_set> <utility> <variant> <vector> <fmt/format.h>)

function(ingestr_precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  if(NOT INGESTR_PRECOMPILE)
    return()
  endif()
  set(source ${CMAKE_BINARY_DIR}/generated/${name}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Carries a precompiled header.\n")
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE ingestr_compiler ${arg_LINKS})
  target_precompile_headers(${name} PRIVATE ${arg_UNPARSED_ARGUMENTS})
endfunction()

function(ingestr_use_precompiled target name)
  if(INGESTR_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

ingestr_precompile(ingestr_precompiled ${ingestr_headers})

# The library ingestr_<name> of all src/<folder>/*.cc but tests and main.cc.
function(ingestr_add_layer name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${ingestr_SOURCE_DIR}/src/${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")
  if(sources)
    add_library(ingestr_${name} STATIC ${sources})
    target_link_libraries(ingestr_${name} PUBLIC ingestr_compiler ${arg_LINKS})
    ingestr_use_precompiled(ingestr_${name} ingestr_precompiled)
  else()
    add_library(ingestr_${name} INTERFACE)
    target_link_libraries(ingestr_${name} INTERFACE ingestr_compiler ${arg_LINKS})
  endif()
endfunction()

function(ingestr_layer name)
  ingestr_add_layer(${name} ${name} ${ARGN})
endfunction()

# ingestr_<kind>_<x> for each src/<folder>/<x>/; their names are added to INGESTR_CONNECTORS.
function(ingestr_connectors folder kind)
  file(GLOB entries CONFIGURE_DEPENDS LIST_DIRECTORIES true ${ingestr_SOURCE_DIR}/src/${folder}/*)
  foreach(entry IN LISTS entries)
    if(IS_DIRECTORY ${entry})
      get_filename_component(connector ${entry} NAME)
      ingestr_add_layer(${kind}_${connector} ${folder}/${connector} ${ARGN})
      list(APPEND INGESTR_CONNECTORS ingestr_${kind}_${connector})
    endif()
  endforeach()
  set(INGESTR_CONNECTORS ${INGESTR_CONNECTORS} PARENT_SCOPE)
endfunction()

# A program of ours: ingestr_program(NAME source... [LINKS target...] [PRECOMPILED name]).
function(ingestr_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PRECOMPILED" "LINKS")
  if(NOT arg_PRECOMPILED)
    set(arg_PRECOMPILED ingestr_precompiled)
  endif()
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ingestr_compiler ${arg_LINKS})
  ingestr_use_precompiled(${name} ${arg_PRECOMPILED})
  if(INGESTR_SANITIZE)
    target_sources(${name} PRIVATE ${ingestr_SOURCE_DIR}/cmake/sanitizer_defaults.cc)
  endif()
endfunction()
