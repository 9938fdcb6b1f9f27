#include "destinations/files/object_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/interrupt.h"
#include "support/fake_http.h"
#include "support/temporary_directory.h"
#include "support/world.h"

namespace ingestr::file_output {
namespace {

constexpr const char* kUri = "s3://lake/big.bin?endpoint_url=http://127.0.0.1:1&access_key_id=key&secret_access_key=secret";

RemotePlace s3() {
  std::vector<RemotePlace> places = remote_places();
  return *std::ranges::find_if(places, [](const RemotePlace& place) { return place.schemes.front() == "s3"; });
}

// A store that puts the parts together, whose answer to that is lost, and that then knows nothing of the upload.
struct Forgetful {
  bool completes = true, loses_answers = true, may_read = true;
  std::string etag{"\"old\""};
  int completions = 0;

  HttpResponse operator()(const HttpRequest& request) {
    if (request.method == "HEAD" && !may_read) return answer(403, "");
    if (request.method == "HEAD") return answer(200, "", {{"etag", etag}, {"content-length", "9"}});
    if (request.method == "PUT") return answer(200, "", {{"etag", "\"part\""}});
    if (request.method == "DELETE") return answer(404, "<Error><Code>NoSuchUpload</Code></Error>");
    if (request.url.ends_with("?uploads=")) return answer(200, "<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>");
    if (++completions > 1) return answer(404, "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>");
    if (completes) etag = "\"new-2\"";
    if (!loses_answers) return answer(200, "<CompleteMultipartUploadResult/>");
    throw Error(ErrorKind::unavailable, "the connection was reset");
  }
};

class ObjectStoreParts : public testing::Test {
 protected:
  void put() {
    FakeHttp http([this](const HttpRequest& request) { return store_(request); });
    Context context = world_.context();
    context.transport = [&] { return http.client(); };
    const std::filesystem::path file = folder_.path() / "big.bin";
    std::ofstream(file, std::ios::binary) << std::string(9'000'000, 'x');
    ObjectStore(s3(), parse_uri(kUri), context).put(file, "big.bin");
  }

  World world_;
  TemporaryDirectory folder_;
  Forgetful store_;
};

TEST_F(ObjectStoreParts, AreThereAlsoWhenTheStoresAnswerWasLost) {
  EXPECT_NO_THROW(put());
  EXPECT_EQ(store_.completions, 2);
}

TEST_F(ObjectStoreParts, NeedNoRightToRead) {
  store_.may_read = store_.loses_answers = false;
  EXPECT_NO_THROW(put());
  EXPECT_EQ(store_.completions, 1);
}

TEST_F(ObjectStoreParts, AreNotThereWhenTheOldFileStillIs) {
  store_.completes = false;
  try {
    put();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_STREQ(error.what(), "the store does not put the parts together (gone); run again");
  }
}

// The user asks to stop while the store does what a request says.
class ObjectStoreStop : public testing::TestWithParam<size_t> {
 protected:
  void put(std::string_view last) {
    FakeHttp http([&](const HttpRequest& request) {
      if (request.method == last) world_.stop.request_stop();
      throw_if_stopped(request.unwanted);
      if (request.url.ends_with("?uploads=")) return answer(200, "<UploadId>7</UploadId>");
      return answer(200, request.method == "POST" ? "<CompleteMultipartUploadResult/>" : "");
    });
    Context context = world_.context();
    context.transport = [&] { return http.client(); };
    const std::filesystem::path file = folder_.path() / "x.bin";
    std::ofstream(file, std::ios::binary) << std::string(GetParam(), 'x');
    try {
      ObjectStore(s3(), parse_uri(kUri), context).put(file, "x.bin");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::cancelled);
      thrown_ = true;
    }
    for (const HttpRequest& request : http.requests()) methods_ += request.method + " ";
  }

  World world_;
  TemporaryDirectory folder_;
  bool thrown_ = false;
  std::string methods_;
};

constexpr size_t kWhole = 9, kParts = 9'000'000;

TEST_P(ObjectStoreStop, DoesNotCutOffWhatShowsTheFile) {
  put(GetParam() == kWhole ? "PUT" : "HEAD");
  EXPECT_EQ(thrown_, GetParam() == kParts);
  EXPECT_EQ(methods_, GetParam() == kWhole ? "PUT " : "POST PUT PUT HEAD DELETE ");
}

TEST_P(ObjectStoreStop, ComesBeforeTheFirstRequest) {
  world_.stop.request_stop();
  put("PUT");
  EXPECT_TRUE(thrown_);
  EXPECT_EQ(methods_, "");
}

INSTANTIATE_TEST_SUITE_P(Sizes, ObjectStoreStop, testing::Values(kWhole, kParts));

// Whether an object is there, of a store that answers GET so, and HEAD without words.
bool has(int status, const char* code) {
  FakeHttp http([&](const HttpRequest& request) {
    EXPECT_FALSE(request.follows_redirects);
    return answer(status, request.method == "HEAD" ? "" : std::string("<Error><Code>") + code + "</Code></Error>");
  });
  World world;
  Context context = world.context();
  context.transport = [&] { return http.client(); };
  return ObjectStore(s3(), parse_uri(kUri), context).has("big.bin");
}

ErrorKind fault_of_has(int status, const char* code) {
  try {
    has(status, code);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::internal;
}

TEST(ObjectStoreHas, WhoMayOnlyWriteIsNotWhoIsUnknown) {
  EXPECT_EQ(fault_of_has(403, "AccessDenied"), ErrorKind::unsupported);
  EXPECT_EQ(fault_of_has(403, "InvalidAccessKeyId"), ErrorKind::auth);
  EXPECT_FALSE(has(404, "NoSuchKey"));
}

TEST(ObjectStoreList, WhatStandsForADirectoryIsNoFile) {
  FakeHttp http([](const HttpRequest&) {
    return answer(200, "<ListBucketResult><Contents><Key>d/</Key></Contents><Contents><Key>d/a.csv</Key></Contents></ListBucketResult>");
  });
  World world;
  Context context = world.context();
  context.transport = [&] { return http.client(); };
  EXPECT_EQ(ObjectStore(s3(), parse_uri(kUri), context).list("d/"), std::vector<std::string>{"a.csv"});
}

}  // namespace
}  // namespace ingestr::file_output
