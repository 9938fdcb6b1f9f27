# ctest runs: each unit test, the sandbox's own tests (sandbox/CMakeLists.txt), the layer check, the end-to-end tests.
set(python ${PROJECT_SOURCE_DIR}/.venv/bin/python)   # made by `scripts/setup test`

# ---- unit tests and conformance suites
file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*_test.cc)
file(GLOB support_sources CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/tests/support/*.cc ${PROJECT_SOURCE_DIR}/tests/conformance/*.cc)
if(test_sources OR support_sources)
  ingestr_precompile(tests_precompiled ${ingestr_headers} <gtest/gtest.h> <gmock/gmock.h> LINKS GTest::gmock)
  ingestr_program(unit_tests ${test_sources} ${support_sources} PRECOMPILED tests_precompiled
    LINKS ingestr_app GTest::gmock GTest::gtest GTest::gtest_main)
  set_target_properties(unit_tests PROPERTIES UNITY_BUILD OFF)   # helpers of tests may share names
  target_include_directories(unit_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  # For these alone, so that the other objects are the same in every clone, and ccache has them.
  set_source_files_properties(
    ${PROJECT_SOURCE_DIR}/src/sources/attio/attio_test.cc ${PROJECT_SOURCE_DIR}/src/sources/attio/page_test.cc
    ${PROJECT_SOURCE_DIR}/tests/conformance/source_suite_test.cc
    PROPERTIES COMPILE_DEFINITIONS INGESTR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(unit_tests DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS unit TIMEOUT 600)
endif()

# ---- the layers
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME layers COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/check_layers)
add_test(NAME layers_selftest COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/check_layers --selftest)
set_tests_properties(layers layers_selftest PROPERTIES LABELS layers TIMEOUT 60)

# ---- end to end: one test for each file, so that two run at a time, for they mostly wait
file(GLOB e2e CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/e2e/test_*.py)
if(e2e AND TARGET ingestr AND TARGET attio-sandbox)
  set(e2e_environment INGESTR_BIN=$<TARGET_FILE:ingestr> SANDBOX_BIN=$<TARGET_FILE:attio-sandbox>
      INGESTR_SANITIZE=${INGESTR_SANITIZE} PYTHONDONTWRITEBYTECODE=1)
  set(e2e_seconds 1200)  # a busy machine takes some 300 for the longest
  if(INGESTR_SANITIZE)
    set(e2e_seconds 1800)  # whose programs are several times slower
  endif()
  foreach(file IN LISTS e2e)
    get_filename_component(name ${file} NAME_WE)
    string(REPLACE "test_" "e2e." name ${name})
    add_test(NAME ${name} COMMAND ${python} -m pytest -q -p no:cacheprovider ${file})
    set_tests_properties(${name} PROPERTIES LABELS e2e TIMEOUT ${e2e_seconds} ENVIRONMENT "${e2e_environment}")
  endforeach()
  # Many tests in one, each with servers' round trips, which take long under a sanitizer.
  if(TEST e2e.destination_conformance)
    set_tests_properties(e2e.destination_conformance e2e.any_to_any PROPERTIES TIMEOUT 3000)
  endif()
  # What counts requests in a second wants the machine for itself.
  if(TEST e2e.speed)
    set_tests_properties(e2e.speed PROPERTIES RUN_SERIAL TRUE)
  endif()
endif()
