# How our own code is compiled and linked: ingestr_compiler is what each of our targets links.
include(CheckLinkerFlag)

find_program(CCACHE ccache)
if(CCACHE)
  # A precompiled header makes ccache careful; these are the allowances its manual gives for it.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

check_linker_flag(CXX -fuse-ld=mold INGESTR_HAS_MOLD)
if(INGESTR_HAS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(INGESTR_SANITIZE)
  # For everything that is compiled here, third-party sources too: a half-instrumented program reports what is not there.
  add_compile_options(-fsanitize=${INGESTR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${INGESTR_SANITIZE})
endif()

if(INGESTR_STRIP)
  add_link_options(-s)
endif()

add_library(ingestr_compiler INTERFACE)
target_compile_options(ingestr_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  -Wno-sign-conversion
  # Designated initializers leave the rest at its default on purpose.
  -Wno-missing-field-initializers
  # g++ 12 sees faults in its own std::string (bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(CMAKE_UNITY_BUILD)
  # A class of a .cc looks there like one of a header.
  target_compile_options(ingestr_compiler INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
endif()
if(INGESTR_WARNINGS_AS_ERRORS)
  target_compile_options(ingestr_compiler INTERFACE -Werror)
endif()
if(INGESTR_SANITIZE)
  # Instrumented code hides from the optimizer what was initialized.
  target_compile_options(ingestr_compiler INTERFACE -Wno-maybe-uninitialized)
endif()
target_compile_definitions(ingestr_compiler INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
target_include_directories(ingestr_compiler INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_link_libraries(ingestr_compiler INTERFACE fmt::fmt)
