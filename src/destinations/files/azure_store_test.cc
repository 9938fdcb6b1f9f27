#include "destinations/files/azure_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/interrupt.h"
#include "support/fake_http.h"
#include "support/temporary_directory.h"
#include "support/world.h"

namespace ingestr::file_output {
namespace {

using ::testing::ElementsAre;

RemotePlace azure() {
  std::vector<RemotePlace> places = remote_places();
  return *std::ranges::find_if(places, [](const RemotePlace& place) { return place.schemes.front() == "az"; });
}

// As https://learn.microsoft.com/en-us/rest/api/storageservices/list-blobs has it.
TEST(AzureStore, DirectoriesAreNoFiles) {
  FakeHttp http([](const HttpRequest&) {
    return answer(200,
                  "<EnumerationResults><Blobs><Blob><Name>d/</Name></Blob><Blob><Name>d/y=1</Name><Properties>"
                  "<ResourceType>directory</ResourceType><BlobType>BlockBlob</BlobType></Properties></Blob><Blob><Name Encoded=\"true\">d/y=1/a%26.csv</Name><Properties><ResourceType>file</ResourceType></Properties>"
                  "</Blob></Blobs><NextMarker/></EnumerationResults>");
  });
  World world;
  Context context = world.context();
  context.transport = [&] { return http.client(); };
  const AzureStore store(azure(), parse_uri("az://lake/d/?account_name=a&account_key=AAAA&endpoint_url=http://127.0.0.1:1/a"), context);
  EXPECT_THAT(store.list("d/"), ElementsAre("y=1/a&.csv"));
}

TEST(AzureStore, AStopDoesNotCutOffWhatShowsTheFile) {
  World world;
  FakeHttp http([&](const HttpRequest& request) {
    world.stop.request_stop();
    throw_if_stopped(request.unwanted);
    return answer(201, "");
  });
  Context context = world.context();
  context.transport = [&] { return http.client(); };
  const TemporaryDirectory folder;
  const std::filesystem::path file = folder.path() / "x.bin";
  std::ofstream(file) << "rows";
  const AzureStore store(azure(), parse_uri("az://lake/x.bin?account_name=a&account_key=AAAA&endpoint_url=http://127.0.0.1:1/a"), context);
  EXPECT_NO_THROW(store.put(file, "x.bin"));
  EXPECT_THROW(store.put(file, "x.bin"), Error);
  EXPECT_EQ(http.requests().size(), 1U);
}

}  // namespace
}  // namespace ingestr::file_output
